import { formatSpan } from '../text/format.ts';
import { countOf, type K6Data, valueOf } from './k6-data.ts';
import { submetric } from '../metrics/submetrics.ts';
import type { Recovery, RecoveryState } from './summary.ts';

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
  const ttftMs = recoveryMs(data, 'ai_ttft_ms', windows);
  const latencyMs = recoveryMs(data, 'ai_latency_ms', windows);
  return {
    ttftMs,
    latencyMs,
    ttft: stateOf(data, { metric: 'ai_ttft_ms', windows, ms: ttftMs }),
    latency: stateOf(data, { metric: 'ai_latency_ms', windows, ms: latencyMs }),
  };
}

function stateOf(
  data: K6Data,
  { metric, windows, ms }: { metric: string; windows: readonly string[]; ms: number | null },
): RecoveryState {
  const before = medianOf(data, metric, 'before');
  const later = windows
    .filter((window) => window !== 'before')
    .map((window) => medianOf(data, metric, window));
  const seen = later.filter((median) => median !== null);
  // In the spike itself, and after it.
  if (before === null || medianOf(data, metric, 'spike') === null) return 'too-few';
  if (seen.every((median) => isNear(median, before))) return 'never-left';
  if (ms !== null) return 'back';
  return seen.length < later.length ? 'too-few' : 'not-seen';
}

function isNear(median: number, before: number): boolean {
  return Math.abs(median - before) <= before * WITHIN_RATIO;
}

function recoveryMs(data: K6Data, metric: string, windows: readonly string[]): number | null {
  const before = medianOf(data, metric, 'before');
  if (before === null) return null;
  const after = windows.filter((window) => window.startsWith('after-'));
  const isBack = after.map((window) => {
    const median = medianOf(data, metric, window);
    return median !== null && isNear(median, before);
  });
  const first = isBack.findIndex((back, index) => back && isBack[index + 1] === true);
  const window = first < 0 ? undefined : after[first];
  return window === undefined ? null : Number(window.slice('after-'.length)) * 1000;
}

function medianOf(data: K6Data, metric: string, window: string): number | null {
  const key = submetric(metric, { window });
  return countOf(data, key) < MIN_SAMPLES ? null : valueOf(data, key, 'med');
}

/** In words, for people. */
export function recoveryText(state: RecoveryState | undefined, ms: number | null): string {
  switch (state) {
    case 'never-left':
      return 'it never left its level';
    case 'too-few':
      return 'too few answers to tell';
    case 'back':
    case 'not-seen':
    // An older summary.json tells no state.
    case undefined:
      return ms === null ? 'not seen' : `after ${formatSpan(ms)}`;
  }
}
