import { caution, type Effective, effectiveOf, longRun, studentQuantile } from '../statistics/long-run.ts';
import { leastProbability, permutationTest } from '../statistics/exact-tests.ts';
import { placedQuantile } from '../statistics/placed-quantile.ts';
import {
  areNeighboursAlike,
  likeness,
  quantileBounds,
  type QuantileSeries,
  quantileSeries,
} from '../statistics/quantile-noise.ts';
import type { TrendBlocks } from '../statistics/run-blocks.ts';
import { contrastRates } from './contrast-rates.ts';
import { type Contrast, type Doubt, doubtOf, NO_INTERVAL } from './difference.ts';
import type { Noise, Reading } from './reading.ts';

/** Contrasts two readings of one measure. */
export function contrast(first: Reading, second: Reading, confidence: number): Contrast {
  const [a, b] = [first.noise, second.noise];
  if (a.kind === 'rate' && b.kind === 'rate') return contrastRates(a, b, confidence);
  if (a.kind === 'quantile' && b.kind === 'quantile') return contrastQuantiles(a, b, confidence);
  if (a.kind !== 'smooth' || b.kind !== 'smooth') return { ...NO_INTERVAL, doubt: { kind: 'missing' } };
  return contrastSmooth([first.value, a], [second.value, b], confidence);
}

type QuantileNoise = Extract<Noise, { kind: 'quantile' }>;

/**
 * Each run's own bounds, put together by the method of variance estimates recovery (Zou and Donner, "Construction of
 * Confidence Limits about Effect Measures", 2008).
 */
function contrastQuantiles(a: QuantileNoise, b: QuantileNoise, confidence: number): Contrast {
  const count = Math.min(a.series.count, b.series.count);
  const alike = likeness(a.memory, b.memory, count);
  const doubt = doubtOf(alike.effective, a.series.q, count);
  const bounds =
    doubt === null
      ? ([quantileBounds(a.series, alike, confidence), quantileBounds(b.series, alike, confidence)] as const)
      : ([null, null] as const);
  if (bounds[0] === null || bounds[1] === null) {
    const few: Doubt = doubt ?? { kind: 'few', ...alike.effective };
    return exact(few, { trends: [a.trend, b.trend], memories: [a.memory, b.memory] }, a.series.q, confidence);
  }
  const points = [a.series.value, b.series.value] as const;
  const difference = recovered(points, [bounds[0], bounds[1]]);
  return withSign(difference, relativeOf(points, [bounds[0], bounds[1]]), Math.max(...points.map(Math.abs)));
}

type Bounds = { low: number; high: number };

function recovered([first, second]: readonly [number, number], [a, b]: readonly [Bounds, Bounds]): Bounds {
  return {
    low: second - first - Math.hypot(second - b.low, a.high - first),
    high: second - first + Math.hypot(b.high - second, first - a.low),
  };
}

function relativeOf(points: readonly [number, number], [a, b]: readonly [Bounds, Bounds]): Bounds | null {
  if (!(a.low > 0 && b.low > 0)) return null;
  const ln = ({ low, high }: Bounds): Bounds => ({ low: Math.log(low), high: Math.log(high) });
  const ratio = recovered([Math.log(points[0]), Math.log(points[1])], [ln(a), ln(b)]);
  return { low: Math.expm1(ratio.low), high: Math.expm1(ratio.high) };
}

type SmoothNoise = Extract<Noise, { kind: 'smooth' }>;

function contrastSmooth(
  [first, a]: readonly [number, SmoothNoise],
  [second, b]: readonly [number, SmoothNoise],
  confidence: number,
): Contrast {
  if (!a.hasTimes || !b.hasTimes) return { ...NO_INTERVAL, doubt: { kind: 'no-times' } };
  const pulls = longRun(b.pulls.map((pull, at) => pull - (a.pulls[at] ?? 0)));
  const effective = smoothEffective(a, b, pulls.inflation);
  const doubt = doubtOf(effective, 0.5, effective.effective * effective.inflation);
  if (doubt !== null) {
    if (a.trend === null || b.trend === null) return { ...NO_INTERVAL, doubt };
    const trends = [a.trend, b.trend] as const;
    const memories = [quantileSeries(a.trend, 0.5), quantileSeries(b.trend, 0.5)] as const;
    return exact(doubt, { trends, memories }, null, confidence);
  }
  const t = studentQuantile((1 + confidence) / 2, pulls.degrees);
  const half = t * Math.sqrt(pulls.variance * caution(effective));
  const difference = { low: second - first - half, high: second - first + half };
  if (!(first > 0 && second > 0))
    return withSign(difference, null, Math.max(Math.abs(first), Math.abs(second)));
  const logs = longRun(b.pulls.map((pull, at) => pull / second - (a.pulls[at] ?? 0) / first));
  const logHalf = t * Math.sqrt(logs.variance * caution(effective));
  const ratio = Math.log(second / first);
  const relative = { low: Math.expm1(ratio - logHalf), high: Math.expm1(ratio + logHalf) };
  return withSign(difference, relative, Math.max(first, second));
}

/** A mean's samples by the memory of their ranks; sums by blocks of time. */
function smoothEffective(a: SmoothNoise, b: SmoothNoise, inflation: number): Effective {
  if (a.trend === null || b.trend === null) return effectiveOf(a.pulls.length, 0.5, inflation);
  return likeness(quantileSeries(a.trend, 0.5), quantileSeries(b.trend, 0.5)).effective;
}

/** Sums of equal values come out a little different in another order. */
const ROUNDING = 1e-9;

function withSign(difference: Bounds, relative: Bounds | null, size: number): Contrast {
  const least = ROUNDING * size;
  const sign = difference.low > least ? 1 : difference.high < -least ? -1 : 0;
  // Rounding of two ways to say one thing must not contradict each other.
  const low = sign === 1 ? Math.max(0, relative?.low ?? 0) : (relative?.low ?? 0);
  const high = sign === -1 ? Math.min(0, relative?.high ?? 0) : (relative?.high ?? 0);
  const interval = {
    ...difference,
    relativeLow: relative === null ? null : low,
    relativeHigh: relative === null ? null : high,
  };
  return { interval, doubt: null, sign, isExact: false };
}

/** With more values than that, only the furthest quantiles lack an interval. */
const MOST_VALUES = 2000;

/**
 * Few requests whose neighbours are not alike, taken for independent: whether a deal at random would part them as they
 * are.
 */
function exact(
  doubt: Doubt,
  found: {
    trends: readonly [TrendBlocks, TrendBlocks];
    memories: readonly [QuantileSeries, QuantileSeries];
  },
  q: number | null,
  confidence: number,
): Contrast {
  const [a, b] = found.trends;
  const tail = (1 - confidence) / 2;
  const cannot = Math.max(a.count, b.count) > MOST_VALUES || leastProbability(a.count, b.count) > tail;
  if (cannot || areNeighboursAlike(...found.memories)) return { ...NO_INTERVAL, doubt };
  const { larger, smaller } = byDeals([listed(a), listed(b)], q, tail);
  const sign = larger <= tail ? 1 : smaller <= tail ? -1 : 0;
  return { interval: null, doubt, sign, isExact: true };
}

type Lists = readonly [readonly number[], readonly number[]];

function byDeals(lists: Lists, q: number | null, tail: number): ReturnType<typeof permutationTest> {
  if (q !== null && q !== 0.5) {
    const { places, quantileOf } = placedQuantile(lists, q);
    return permutationTest(places, (first, second) => quantileOf(second) - quantileOf(first), tail);
  }
  // A median of few values has many ties among the deals: the sum of ranks (Wilcoxon, 1945) has fewer.
  const values = q === null ? lists : rankedTogether(lists);
  return permutationTest(values, (first, second) => mean(second) - mean(first), tail);
}

function listed({ values, blocks }: TrendBlocks): number[] {
  return blocks.flatMap(({ bins, counts }) =>
    [...bins].flatMap((bin, at) => Array.from({ length: counts[at] ?? 0 }, () => values[bin] ?? 0)),
  );
}

/** Ranks among the values of both; ties share the middle one. */
function rankedTogether([a, b]: readonly [readonly number[], readonly number[]]): [number[], number[]] {
  const ascending = [...a, ...b].sort((one, other) => one - other);
  const rank = (value: number): number => ascending.indexOf(value) + ascending.lastIndexOf(value);
  return [a.map(rank), b.map(rank)];
}

function mean(values: Float64Array): number {
  let sum = 0;
  for (let at = 0; at < values.length; at += 1) sum += values[at] ?? 0;
  return sum / values.length;
}
