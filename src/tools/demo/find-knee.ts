import type { SampleRecord } from '../../lib/samples/sample-fields.ts';

/** How a server gave in to a rising rate. */
export type Knee = {
  /** Requests/s offered when answers first got slow, or failed; null when neither happened. */
  offeredPerSec: number | null;
  /** Most answers/s that it gave, over any whole second of the run. */
  mostAnsweredPerSec: number;
};

/** Requests by the half second in which they were issued. */
const SLICE_MS = 500;
/** A server has given in when answers take this many times what they took unburdened. */
const FACTOR = 1.5;
const MIN_SAMPLES = 5;
const SECOND_MS = 1000;

/**
 * Finds where a server gave in: the first slice whose median latency is `FACTOR` times the first one's, or in which
 * a request failed. A queue takes a while to build, so the rate found is somewhat above the one it can bear.
 *
 * @param samples in any order.
 */
export function findKnee(samples: readonly SampleRecord[]): Knee {
  const slices = slicesOf(samples);
  const calmMs = slices.map(medianLatencyMs).find((median) => median !== null) ?? null;
  const broken = slices.find((slice) => {
    const median = medianLatencyMs(slice);
    const isSlow = calmMs !== null && median !== null && median > calmMs * FACTOR;
    return isSlow || slice.some(({ outcome }) => outcome !== 'ok');
  });
  return {
    offeredPerSec: broken === undefined ? null : (broken.length * SECOND_MS) / SLICE_MS,
    mostAnsweredPerSec: mostAnsweredPerSec(samples),
  };
}

function slicesOf(samples: readonly SampleRecord[]): SampleRecord[][] {
  const firstMs = Math.min(...samples.map(({ atMs }) => atMs));
  const slices: SampleRecord[][] = [];
  for (const sample of samples) {
    const index = Math.floor((sample.atMs - firstMs) / SLICE_MS);
    while (slices.length <= index) slices.push([]);
    slices[index]?.push(sample);
  }
  return slices;
}

function mostAnsweredPerSec(samples: readonly SampleRecord[]): number {
  const endsMs = samples
    .filter(({ outcome }) => outcome === 'ok')
    .map(({ atMs, endMs }) => atMs + endMs)
    .toSorted((a, b) => a - b);
  let most = 0;
  let from = 0;
  for (const [index, endMs] of endsMs.entries()) {
    while ((endsMs[from] ?? endMs) <= endMs - SECOND_MS) from += 1;
    most = Math.max(most, index - from + 1);
  }
  return most;
}

function medianLatencyMs(slice: readonly SampleRecord[]): number | null {
  const latencies = slice
    .flatMap(({ latencyMs }) => (latencyMs === null ? [] : [latencyMs]))
    .toSorted((a, b) => a - b);
  return latencies.length < MIN_SAMPLES ? null : (latencies[Math.floor(latencies.length / 2)] ?? null);
}
