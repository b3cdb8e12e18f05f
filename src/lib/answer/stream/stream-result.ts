import type { AnswerWarning } from '../answer-warnings.ts';
import type { Outcome, Pace, Usage } from '../attempt.ts';
import type { OwnRate } from '../usage/own-rates.ts';
import type { StreamTimes } from './stream-clock.ts';
import type { ReportedTimes } from '../reported/reported-times.ts';
import type { ToolCall } from '../tool-calls.ts';

/** What one streamed answer told. Times are ms from the moment the request was issued. */
export type StreamResult = StreamTimes & {
  outcome: Outcome;
  /** Events with text, reasoning, refusal, tool name or arguments. */
  chunks: number;
  usage: Usage;
  pace: Pace;
  rates: readonly OwnRate[];
  answeredModel: string | null;
  finishReason: string | null;
  reportedCostUsd: number | null;
  reported: ReportedTimes | null;
  /** The code of the error in the stream, as the server wrote it. */
  errorCode: string | number | null;
  /** [DONE] came. */
  done: boolean;
  toolCalls: readonly ToolCall[];
  /** The first choice's text, refusals included; null without `keepText`. */
  answer: string | null;
  reasoning: string | null;
  warnings: readonly AnswerWarning[];
};
