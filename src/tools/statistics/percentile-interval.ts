import { CONFIDENCE, normalProbability, smallestCountFor } from '../../lib/numbers/quantiles.ts';
import { studentQuantile } from './long-run.ts';
import { fractionalRank } from './fractional-rank.ts';
import { MIN_BLOCKS, ownNoise } from './own-noise.ts';
import { type QuantileSeries, quantileSeries } from './quantile-noise.ts';
import type { TrendBlocks } from './run-blocks.ts';

/** How far a run's percentile can be trusted. */
export type PercentileInterval =
  | { kind: 'bounds'; low: number; high: number }
  /** Too few samples, were they all independent. */
  | { kind: 'few'; count: number; needed: number }
  /** Neighbours so alike that all samples count as few. */
  | { kind: 'alike'; effective: number; needed: number }
  /** Too few blocks of time to tell how alike neighbours are: what the bounds would be, were they independent. */
  | { kind: 'assumed'; low: number; high: number };

/** The interval of a percentile at 95 % confidence, from how a run's samples follow each other; or why there is none. */
export function percentileInterval(trend: TrendBlocks, q: number): PercentileInterval {
  const series = quantileSeries(trend, q);
  const { count } = series;
  const few = { kind: 'few', count, needed: smallestCountFor(q) } as const;
  if (count < few.needed) return few;
  if (trend.blocks.length < MIN_BLOCKS) {
    const bounds = boundsOf(series, { size: count, degrees: Infinity });
    return bounds === null ? few : { kind: 'assumed', ...bounds };
  }
  const rarer = Math.min(q, 1 - q);
  const shares = { series: series.share, independentVariance: series.shareVariance };
  const ranks = { series: series.rank, independentVariance: series.rankVariance };
  const noise = ownNoise(shares, { others: [ranks], rarer: count * rarer, least: few.needed * rarer });
  const [effective, needed] = [noise.effective / rarer, noise.needed / rarer];
  if (effective < needed) return { kind: 'alike', effective, needed };
  const size = count / noise.inflation;
  const bounds = boundsOf(series, { size, degrees: noise.degrees });
  if (bounds !== null) return { kind: 'bounds', ...bounds };
  // Even the largest of so many may lie below it: not knowing their noise exactly takes more of them.
  const least = Math.log(1 - surenessOf(noise.degrees)) / Math.log(1 - rarer);
  return { kind: 'alike', effective: size, needed: Math.max(least, size + 1) };
}

/** One-sided, of a normal, that Student's t leaves. */
function surenessOf(degrees: number): number {
  return normalProbability(studentQuantile((1 + CONFIDENCE) / 2, degrees));
}

/** Bounds by the order statistics of as many independent samples as the run's own are worth; null where they set none. */
function boundsOf(
  { q, count, valueAt }: QuantileSeries,
  { size, degrees }: { size: number; degrees: number },
): { low: number; high: number } | null {
  const p = surenessOf(degrees);
  const low = fractionalRank({ size, q, probability: p }) * (count + 1);
  const high = fractionalRank({ size, q, probability: 1 - p }) * (count + 1);
  if (low < 1 || high > count) return null;
  return { low: between(valueAt, low), high: between(valueAt, high) };
}

function between(valueAt: (rank: number) => number, rank: number): number {
  const below = valueAt(Math.floor(rank));
  return below + (valueAt(Math.ceil(rank)) - below) * (rank - Math.floor(rank));
}
