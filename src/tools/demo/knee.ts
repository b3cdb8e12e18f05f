import type { SampleRecord } from '../../lib/sample.ts';

/** Requests by the second in which they were issued. */
const SLICE_MS = 1000;
/** A server has given in when answers take this many times what they took unburdened. */
const FACTOR = 2;
const MIN_SAMPLES = 3;

/**
 * The offered rate at which a server gave in: in the first second whose median latency is twice that of the first
 * second, or in which a request failed. null when it never did.
 *
 * @param samples in any order.
 */
export function kneeRatePerSec(samples: readonly SampleRecord[]): number | null {
  const slices = new Map<number, SampleRecord[]>();
  const firstMs = Math.min(...samples.map(({ atMs }) => atMs));
  for (const sample of samples) {
    const slice = Math.floor((sample.atMs - firstMs) / SLICE_MS);
    slices.set(slice, [...(slices.get(slice) ?? []), sample]);
  }
  const inOrder = [...slices.entries()].sort(([a], [b]) => a - b).map(([, slice]) => slice);
  const calm = inOrder.map(medianLatencyMs).find((median) => median !== null) ?? null;
  if (calm === null) return null;
  const broken = inOrder.find((slice) => {
    const median = medianLatencyMs(slice);
    return slice.some(({ outcome }) => outcome !== 'ok') || (median !== null && median > calm * FACTOR);
  });
  return broken === undefined ? null : (broken.length * 1000) / SLICE_MS;
}

function medianLatencyMs(slice: readonly SampleRecord[]): number | null {
  const latencies = slice
    .flatMap(({ latencyMs }) => (latencyMs === null ? [] : [latencyMs]))
    .sort((a, b) => a - b);
  return latencies.length < MIN_SAMPLES ? null : (latencies[Math.floor(latencies.length / 2)] ?? null);
}
