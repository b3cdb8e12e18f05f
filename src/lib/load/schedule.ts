/**
 * From the start of a schedule's k6 scenario to its time zero, ms. k6 starts all VUs at once, which takes 0.1 ms each;
 * what is due in that time would be late.
 */
export const SCHEDULE_LEAD_MS = 250;

/** Most of these that are under way at once. */
export function peakOverlap(spans: readonly { fromMs: number; toMs: number }[]): number {
  const ends = spans.map(({ toMs }) => toMs).sort((a, b) => a - b);
  const starts = spans.map(({ fromMs }) => fromMs).sort((a, b) => a - b);
  let peak = 0;
  let over = 0;
  for (const [index, fromMs] of starts.entries()) {
    while ((ends[over] ?? Infinity) <= fromMs) over++;
    peak = Math.max(peak, index + 1 - over);
  }
  return peak;
}

/**
 * Most requests under way at once when each takes `latencyMs`: the fullest window of that length.
 *
 * @param timesMs intended starts, ascending.
 */
export function peakConcurrency(timesMs: readonly number[], latencyMs: number): number {
  let peak = 0;
  let oldest = 0;
  for (const [index, atMs] of timesMs.entries()) {
    while ((timesMs[oldest] ?? atMs) <= atMs - latencyMs) oldest++;
    peak = Math.max(peak, index - oldest + 1);
  }
  return peak;
}
