import type { Reply } from '../scenario-user.ts';
import type { Recorded } from './recorder.ts';

/** What the scenario is told of a request. */
export function replyOf({ attempt, composed, figures, charge, text, toolCalls }: Recorded): Reply {
  const { outcome, status, usage } = attempt;
  const costUsd = typeof charge === 'number' ? charge : null;
  const facts = { model: composed.model, status, usage, times: figures, costUsd, text: text ?? '' };
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
