import type { ToldUsage } from '../../../lib/kinds/mock/mock-format.ts';

/** Requests and tokens of one model, or of all. Tokens are those that clients were told by usage. */
export type ModelTally = {
  requests: number;
  succeeded: number;
  failed: number;
  /** The client left before the answer was whole. */
  aborted: number;
  /** Cached ones included. */
  inputTokens: number;
  cachedInputTokens: number;
  /** Reasoning included. */
  outputTokens: number;
  reasoningTokens: number;
};

export function emptyTally(): ModelTally {
  return {
    requests: 0,
    succeeded: 0,
    failed: 0,
    aborted: 0,
    inputTokens: 0,
    cachedInputTokens: 0,
    outputTokens: 0,
    reasoningTokens: 0,
  };
}

/** Counts `usage` in place of `before`. */
export function addUsage(tally: ModelTally, before: ToldUsage | null, usage: ToldUsage): void {
  tally.inputTokens += usage.inputTokens - (before?.inputTokens ?? 0);
  tally.cachedInputTokens += usage.cachedInputTokens - (before?.cachedInputTokens ?? 0);
  tally.outputTokens += usage.outputTokens - (before?.outputTokens ?? 0);
  tally.reasoningTokens += usage.reasoningTokens - (before?.reasoningTokens ?? 0);
}

/** The sum of tallies. */
export function sumTallies(tallies: Iterable<ModelTally>): ModelTally {
  const sum = emptyTally();
  for (const tally of tallies) {
    sum.requests += tally.requests;
    sum.succeeded += tally.succeeded;
    sum.failed += tally.failed;
    sum.aborted += tally.aborted;
    addUsage(sum, null, tally);
  }
  return sum;
}
