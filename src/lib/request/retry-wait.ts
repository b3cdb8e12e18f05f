const FIRST_WAIT_MS = 500;
const LONGEST_BACKOFF_MS = 30_000;
/** A server may ask for hours; a load test waits this long at most, and the time waited is reported. */
export const LONGEST_WAIT_MS = 120_000;

/**
 * The pause before a retry: what the server asked for, at most two minutes; else exponential back-off from
 * 0.5 s, doubled each time, at most 30 s, with full jitter over its upper half.
 *
 * @param retry attempts already repeated, from 0.
 * @param jitter uniform in [0, 1).
 */
export function retryWaitMs({
  askedMs,
  retry,
  jitter,
}: {
  askedMs: number | null;
  retry: number;
  jitter: number;
}): number {
  if (askedMs !== null) return Math.min(askedMs, LONGEST_WAIT_MS);
  const backoffMs = Math.min(LONGEST_BACKOFF_MS, FIRST_WAIT_MS * 2 ** retry);
  return backoffMs * (0.5 + jitter / 2);
}
