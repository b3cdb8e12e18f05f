import {
  CONFIDENCE,
  normalProbability,
  normalQuantile,
  quantile,
  sortSamples,
} from '../../lib/numbers/quantiles.ts';
import { createRandom, type Seed } from '../../lib/numbers/random.ts';
import type { Estimator } from './estimate.ts';

/** Enough for the ends of a 95 % interval to stand within a tenth of its width. */
export const REPLICATES = 1000;

/** Weights of blocks, one array a replicate: how often each block was drawn. */
export type Draws = readonly Float64Array[];

/** Draws blocks with replacement, from a seed: the same seed gives the same intervals. */
export function drawBlocks(blockCount: number, seed: Seed, replicates = REPLICATES): Draws {
  const random = createRandom(seed);
  return Array.from({ length: replicates }, () => {
    const weights = new Float64Array(blockCount);
    for (let draw = 0; draw < blockCount; draw += 1) {
      const block = Math.min(blockCount - 1, Math.floor(random.next() * blockCount));
      weights[block] = (weights[block] ?? 0) + 1;
    }
    return weights;
  });
}

/** Where the true difference lies, absolute and relative to the first run. */
export type DifferenceInterval = {
  low: number;
  high: number;
  relativeLow: number | null;
  relativeHigh: number | null;
};

/**
 * The interval of the difference `second - first`. Both runs are drawn by the same blocks: they went through
 * the same load at the same time, so what the load does to both cancels out. The percentile interval is
 * widened for the small number of blocks (Hesterberg, "What Teachers Should Know about the Bootstrap", 2015,
 * section 4.4). null when there are too few blocks, or too few of them with a value, to tell.
 */
export function differenceInterval(
  first: Estimator,
  second: Estimator,
  { draws, confidence = CONFIDENCE }: { draws: Draws; confidence?: number },
): DifferenceInterval | null {
  const differences: number[] = [];
  const relatives: number[] = [];
  for (const weights of draws) {
    const a = first.estimate(weights);
    const b = second.estimate(weights);
    if (a === null || b === null) continue;
    differences.push(b - a);
    if (a !== 0) relatives.push((b - a) / a);
  }
  const blockCount = draws[0]?.length ?? 0;
  if (blockCount < MIN_BLOCKS || differences.length < draws.length / 2) return null;
  const tail = widenedTail((1 - confidence) / 2, blockCount);
  const absolute = ends(differences, tail);
  const relative = relatives.length < draws.length / 2 ? null : ends(relatives, tail);
  return {
    low: absolute.low,
    high: absolute.high,
    relativeLow: relative?.low ?? null,
    relativeHigh: relative?.high ?? null,
  };
}

/** With fewer blocks the spread between them says nothing. */
export const MIN_BLOCKS = 6;

function ends(values: readonly number[], tail: number): { low: number; high: number } {
  const sorted = sortSamples(values);
  return { low: quantile(sorted, tail) ?? Number.NaN, high: quantile(sorted, 1 - tail) ?? Number.NaN };
}

/** The share to leave at each end so that n blocks cover what infinitely many would. */
export function widenedTail(tail: number, n: number): number {
  return 1 - normalProbability(Math.sqrt(n / (n - 1)) * studentQuantile(1 - tail, n - 1));
}

/** Student's t by its expansion around the normal (Abramowitz and Stegun 26.7.5), right to 1 % from 5 degrees on. */
export function studentQuantile(p: number, degrees: number): number {
  const z = normalQuantile(p);
  const g1 = (z ** 3 + z) / 4;
  const g2 = (5 * z ** 5 + 16 * z ** 3 + 3 * z) / 96;
  const g3 = (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / 384;
  return z + g1 / degrees + g2 / degrees ** 2 + g3 / degrees ** 3;
}
