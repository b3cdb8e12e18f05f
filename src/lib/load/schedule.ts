/**
 * From the start of a schedule's k6 scenario to its time zero, ms. k6 starts all VUs at once, which takes 0.1 ms each;
 * what is due in that time would be late.
 */
export const SCHEDULE_LEAD_MS = 250;

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
