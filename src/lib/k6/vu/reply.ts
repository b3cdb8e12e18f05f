import type { ErrorKind, Usage } from '../../answer/attempt.ts';
import type { ToolCall } from '../../answer/tool-calls.ts';
import type { RequestFigures } from '../../figures/request-figures.ts';
import type { Recorded } from './recorder.ts';

/** What a question came to: an answer, or one named failure. It is counted, priced and timed already. */
export type Reply = GoodReply | FailedReply;

export type GoodReply = ReplyFacts & {
  ok: true;
  /** Empty where the model called tools instead. */
  text: string;
  toolCalls: readonly ToolCall[];
  /** `stop`, `length`, `tool_calls`, …, as the server writes it; null when it says none. */
  finishReason: string | null;
};

export type FailedReply = ReplyFacts & {
  ok: false;
  /** `aborted`: its user left (`LLM_ABORT`). */
  error: ErrorKind | 'aborted';
  /** One line for people. */
  message: string;
  /** What of the answer came before it failed. */
  text: string;
  /** The wait that the server asked for, ms; null: none. */
  retryAfterMs: number | null;
};

/** null is unknown. */
type ReplyFacts = {
  /** As asked for. */
  model: string;
  /** HTTP status; 0 when no answer came. */
  status: number;
  usage: Usage;
  /** Of the last attempt, where `LLM_RETRIES` made several. Which times there are depends on the transport (docs/streaming.md). */
  times: RequestFigures;
  /** By the server's usage and the price table. */
  costUsd: number | null;
};

/** What the scenario is told of a request. */
export function replyOf({ attempt, model, figures, charge, text, toolCalls }: Recorded): Reply {
  const { outcome, status, usage } = attempt;
  const costUsd = typeof charge === 'number' ? charge : null;
  const facts = { model, status, usage, times: figures, costUsd, text: text ?? '' };
  return outcome.kind === 'ok'
    ? { ...facts, ok: true, toolCalls, finishReason: attempt.finishReason }
    : {
        ...facts,
        ok: false,
        error: outcome.kind === 'failed' ? outcome.error : outcome.kind,
        message: outcome.kind === 'failed' ? outcome.message : 'its user left (LLM_ABORT)',
        retryAfterMs: attempt.retryAfterMs,
      };
}
