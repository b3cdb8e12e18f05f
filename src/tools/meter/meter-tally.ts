import type { Attempt } from '../../lib/answer/attempt.ts';

/** What a meter has carried since its start. */
export type MeterTally = {
  requests: number;
  succeeded: number;
  /** Failed, by kind. */
  errors: Record<string, number>;
  /** Given up by their users (`LLM_ABORT`). */
  left: number;
  /** k6 gave up before the end. */
  abandoned: number;
  inFlight: number;
  /** Output tokens as servers reported them. */
  outputTokens: number;
  /** Content events of streams. */
  contentEvents: number;
  /** Kept-alive connections that had died, and their requests sent once more. */
  retriedConnections: number;
};

export function newTally(): MeterTally {
  return {
    requests: 0,
    succeeded: 0,
    errors: {},
    left: 0,
    abandoned: 0,
    inFlight: 0,
    outputTokens: 0,
    contentEvents: 0,
    retriedConnections: 0,
  };
}

/** Counts a finished attempt. */
export function count(tally: MeterTally, { outcome, usage, chunks }: Attempt, retried: boolean): void {
  if (outcome.kind === 'ok') tally.succeeded += 1;
  else if (outcome.kind === 'aborted') tally.left += 1;
  else tally.errors[outcome.error] = (tally.errors[outcome.error] ?? 0) + 1;
  tally.outputTokens += usage.outputTokens ?? 0;
  tally.contentEvents += chunks;
  if (retried) tally.retriedConnections += 1;
}
