import type { AnswerReading } from '../attempt.ts';
import type { ToolCall } from '../tool-calls.ts';

/** What one streamed answer told. Times are ms from the moment the request was issued. */
export type StreamResult = AnswerReading & {
  /** The code of the error in the stream, as the server wrote it. */
  errorCode: string | number | null;
  /** [DONE] came. */
  done: boolean;
  toolCalls: readonly ToolCall[];
  /** The first choice's text, refusals included; null without `keepText`. */
  answer: string | null;
  reasoning: string | null;
};
