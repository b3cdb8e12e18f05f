import { countOf, type K6Data, valueOf } from './k6-data.ts';
import { submetric } from '../metrics/submetrics.ts';
import type { Recovery } from './summary.ts';

const MIN_SAMPLES = 5;
const WITHIN_RATIO = 0.1;

/**
 * How long the server took to be itself again: ms from the end of the spike to the start of the first of two
 * windows in a row whose median is within 10 % of `before`'s. null when it never was, or when `before` or a
 * window in question has fewer than 5 samples.
 *
 * @param windows every declared window; empty for scenarios without a spike.
 */
export function recoveryOf(data: K6Data, windows: readonly string[]): Recovery | null {
  if (windows.length === 0) return null;
  return {
    ttftMs: recoveryMs(data, 'ai_ttft_ms', windows),
    latencyMs: recoveryMs(data, 'ai_latency_ms', windows),
  };
}

function recoveryMs(data: K6Data, metric: string, windows: readonly string[]): number | null {
  const before = medianOf(data, metric, 'before');
  if (before === null) return null;
  const after = windows.filter((window) => window.startsWith('after-'));
  const isBack = after.map((window) => {
    const median = medianOf(data, metric, window);
    return median !== null && Math.abs(median - before) <= before * WITHIN_RATIO;
  });
  const first = isBack.findIndex((back, index) => back && isBack[index + 1] === true);
  const window = first < 0 ? undefined : after[first];
  return window === undefined ? null : Number(window.slice('after-'.length)) * 1000;
}

function medianOf(data: K6Data, metric: string, window: string): number | null {
  const key = submetric(metric, { window });
  return countOf(data, key) < MIN_SAMPLES ? null : valueOf(data, key, 'med');
}
