import { valueAtRank } from '../results/figures/histogram.ts';
import { normalProbability, quantileRanks } from '../../lib/numbers/quantiles.ts';
import { caution, type Effective, effectiveOf, longRun, studentQuantile } from './long-run.ts';
import type { TrendBlocks } from './run-blocks.ts';

/** A quantile of a run, and how far each block of time pulled it. */
export type QuantileSeries = {
  q: number;
  value: number;
  count: number;
  /** Per block: by how much its share of samples below the quantile moved the share of all. Adds up to 0. */
  share: Float64Array;
  /** Variance that the sum of `share` would have, were samples independent. */
  shareVariance: number;
  /** The same of ranks, 0 to 1: how alike neighbours are, told by all samples and not by the few in a tail. */
  rank: Float64Array;
  rankVariance: number;
  /** The value at a share of the samples, by its rank. */
  valueAt: (share: number) => number;
};

export function quantileSeries(trend: TrendBlocks, q: number): QuantileSeries {
  const { values, blocks, count } = trend;
  const counts = new Float64Array(values.length);
  for (const { bins, counts: own } of blocks) {
    for (let at = 0; at < bins.length; at += 1) {
      const bin = bins[at] ?? 0;
      counts[bin] = (counts[bin] ?? 0) + (own[at] ?? 0);
    }
  }
  const upTo = runningSum(counts);
  const value = interpolated({ values, upTo, count }, q);
  const below = values.map((candidate) => (candidate < value ? 1 : candidate > value ? 0 : 0.5));
  const midRank = values.map((_, bin) => ((upTo[bin] ?? 0) - (counts[bin] ?? 0) / 2) / count);
  const share = pulls(trend, { counts, score: below });
  const rank = pulls(trend, { counts, score: midRank });
  return {
    q,
    value,
    count,
    share: share.series,
    shareVariance: share.variance,
    rank: rank.series,
    rankVariance: rank.variance,
    valueAt: (at) => valueAtRank({ values, upTo }, Math.min(count, Math.max(1, at))),
  };
}

/** How far each block's scores pull the mean score, and the variance of that mean for independent samples. */
function pulls(
  { blocks, count }: TrendBlocks,
  { counts, score }: { counts: Float64Array; score: Float64Array },
): { series: Float64Array; variance: number } {
  const mean = counts.reduce((sum, times, bin) => sum + times * (score[bin] ?? 0), 0) / count;
  const variance =
    counts.reduce((sum, times, bin) => sum + times * ((score[bin] ?? 0) - mean) ** 2, 0) / count;
  const series = Float64Array.from(blocks, ({ bins, counts: own }) => {
    let sum = 0;
    for (let at = 0; at < bins.length; at += 1) sum += (own[at] ?? 0) * ((score[bins[at] ?? 0] ?? 0) - mean);
    return sum / count;
  });
  return { series, variance: variance / count };
}

function runningSum(counts: Float64Array): Float64Array {
  let total = 0;
  return counts.map((count) => (total += count));
}

/** Interpolated between ranks, as k6 does (src/lib/numbers/quantiles.ts). */
function interpolated(
  { values, upTo, count }: { values: Float64Array; upTo: Float64Array; count: number },
  q: number,
): number {
  const position = q * (count - 1);
  const below = valueAtRank({ values, upTo }, Math.floor(position) + 1);
  const above = valueAtRank({ values, upTo }, Math.ceil(position) + 1);
  return below + (above - below) * (position - Math.floor(position));
}

/** How alike neighbouring samples are, in the difference between two runs. */
export type Likeness = {
  /** By how much the variance is larger than that of independent samples, with a margin where that barely shows. */
  inflation: number;
  degrees: number;
  /** Of the run with fewer samples; by ranks too, which tell memory better than the few samples in a tail. */
  effective: Effective;
};

/**
 * What both runs share, block by block, cancels out.
 *
 * @param count samples whose quantile is asked for, where they are but a part of the series'.
 */
export function likeness(
  first: QuantileSeries,
  second: QuantileSeries,
  count = Math.min(first.count, second.count),
): Likeness {
  const share = longRun(minus(second.share, first.share));
  const rank = longRun(minus(second.rank, first.rank));
  const ofShares = over(share.variance, first.shareVariance + second.shareVariance);
  const ofRanks = over(rank.variance, first.rankVariance + second.rankVariance);
  const effective = effectiveOf(count, first.q, Math.max(ofShares, ofRanks));
  return { inflation: ofShares * caution(effective), degrees: share.degrees, effective };
}

/** Whether neighbours are alike beyond chance: the first autocorrelation of the difference's ranks (Bartlett, 1946). */
export function areNeighboursAlike(first: QuantileSeries, second: QuantileSeries): boolean {
  const ranks = minus(second.rank, first.rank);
  let [square, product] = [0, 0];
  for (const [at, rank] of ranks.entries()) {
    square += rank * rank;
    product += rank * (ranks[at + 1] ?? 0);
  }
  return product > (2 * square) / Math.sqrt(ranks.length);
}

function minus(from: Float64Array, series: Float64Array): Float64Array {
  return from.map((value, at) => value - (series[at] ?? 0));
}

function over(seen: number, independent: number): number {
  return independent > 0 ? Math.max(1, seen / independent) : 1;
}

/**
 * Bounds of a run's quantile, by the order statistics of as many independent samples as its own are worth (David and
 * Nagaraja, "Order Statistics", 3rd ed., section 7.1). null where they set none.
 */
export function quantileBounds(
  { q, count, valueAt }: QuantileSeries,
  { inflation, degrees }: { inflation: number; degrees: number },
  confidence: number,
): { low: number; high: number } | null {
  const size = Math.max(1, Math.floor(count / inflation));
  const t = studentQuantile((1 + confidence) / 2, degrees);
  const { low, high } = quantileRanks(size, q, 2 * normalProbability(t) - 1);
  if (low === null || high === null) return null;
  const scale = (count + 1) / (size + 1);
  return { low: valueAt(Math.floor(low * scale + 1e-9)), high: valueAt(Math.ceil(high * scale - 1e-9)) };
}
