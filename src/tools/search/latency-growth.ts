import { quantile, sortSamples } from '../../lib/numbers/quantiles.ts';
import type { LatencyGrowth } from './step-record.ts';

export type TimedLatency = { startMs: number; latencyMs: number };

const BLOCKS = 10;
const MIN_OF_BLOCK = 3;

/**
 * Whether latency grew while the load stayed the same, which is what a queue does that is fed faster than it is emptied:
 * of the medians of ten blocks of time, how many pairs rise less how many fall (Mann, 1945; Kendall). Told by when
 * requests were issued: by when they ended, the slow ones would always come last. null for too few.
 */
export function latencyGrowth(
  latencies: readonly TimedLatency[],
  { fromMs, toMs }: { fromMs: number; toMs: number },
): LatencyGrowth | null {
  const blocks: number[][] = Array.from({ length: BLOCKS }, () => []);
  for (const { startMs, latencyMs } of latencies) {
    const at = Math.floor(((startMs - fromMs) / Math.max(1, toMs - fromMs)) * BLOCKS);
    blocks[Math.min(BLOCKS - 1, at)]?.push(latencyMs);
  }
  if (blocks.some(({ length }) => length < MIN_OF_BLOCK)) return null;
  const medians = blocks.map((values) => quantile(sortSamples(values), 0.5) ?? 0);
  let score = 0;
  for (const [later, value] of medians.entries())
    for (const before of medians.slice(0, later)) score += Math.sign(value - before);
  const [first, last] = [meanOf(medians.slice(0, 3)), meanOf(medians.slice(-3))];
  return { score, riseRatio: first > 0 ? Math.max(0, last / first - 1) : 0 };
}

function meanOf(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0) / values.length;
}
