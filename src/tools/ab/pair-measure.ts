import { quantile, sortSamples } from '../../lib/numbers/quantiles.ts';
import { contrastRates } from '../compare/contrast-rates.ts';
import {
  middleOf,
  type PairedContrast,
  pairedBounds,
  pairedQuantileBounds,
} from '../statistics/paired-contrast.ts';
import { isGood } from './provider-figures.ts';
import type { Pair, PairReply } from './read-pairs.ts';

export type PairUnit = 'ms' | 'ratio' | 'usd';

/** One figure that providers are compared by. */
export type PairMeasure = {
  name: string;
  words: string;
  unit: PairUnit;
  better: 'lower' | 'higher';
  source: Source;
};

type TimeField = 'latencyMs' | 'ttftMs' | 'tpotMs';

type Source =
  /** The middle of the differences within the pairs. */
  | { kind: 'middle'; field: TimeField }
  /** Of each by itself: a tail is no pair's. */
  | { kind: 'quantile'; field: TimeField; q: number }
  | { kind: 'success' }
  | { kind: 'usd-per-1k' }
  | { kind: 'usd-per-good' };

/** Names that sentences look for. */
export const SUCCESS = 'success';
export const USD_PER_1K = 'usd_per_1k_requests';
export const USD_PER_GOOD = 'usd_per_good_request';

/** In the order in which people ask. */
export const PAIR_MEASURES: readonly PairMeasure[] = [
  time('ttft_ms', 'first token', { kind: 'middle', field: 'ttftMs' }),
  time('ttft_p95_ms', 'first token, p95', { kind: 'quantile', field: 'ttftMs', q: 0.95 }),
  time('tpot_ms', 'time per token', { kind: 'middle', field: 'tpotMs' }),
  time('latency_ms', 'latency', { kind: 'middle', field: 'latencyMs' }),
  time('latency_p95_ms', 'latency, p95', { kind: 'quantile', field: 'latencyMs', q: 0.95 }),
  { name: SUCCESS, words: 'success', unit: 'ratio', better: 'higher', source: { kind: 'success' } },
  {
    name: USD_PER_1K,
    words: 'dollars per 1,000 requests',
    unit: 'usd',
    better: 'lower',
    source: { kind: 'usd-per-1k' },
  },
  {
    name: USD_PER_GOOD,
    words: 'dollars per good request',
    unit: 'usd',
    better: 'lower',
    source: { kind: 'usd-per-good' },
  },
];

function time(name: string, words: string, source: Source): PairMeasure {
  return { name, words, unit: 'ms', better: 'lower', source };
}

/** A measure of two providers. */
export type MeasuredPair = {
  /** Pairs that tell of both. */
  pairs: number;
  first: number;
  second: number;
  difference: number;
  contrast: PairedContrast;
};

/**
 * Contrasts two providers, by their places, in one measure.
 *
 * @returns null where no pair tells of both.
 */
export function contrastPairs(
  { source }: PairMeasure,
  pairs: readonly Pair[],
  { first, second, confidence }: { first: number; second: number; confidence: number },
): MeasuredPair | null {
  const both = pairs.flatMap(({ replies }) => {
    const [a, b] = [replies[first], replies[second]];
    return a === undefined || b === undefined ? [] : [[a, b] as const];
  });
  switch (source.kind) {
    case 'middle':
      return contrastMiddles(both, source.field, confidence);
    case 'quantile':
      return contrastQuantiles(both, source, confidence);
    case 'success':
      return contrastSuccess(both, confidence);
    case 'usd-per-1k':
      return contrastRatios(both, { of: costOf, by: () => 1, times: 1000 }, confidence);
    case 'usd-per-good':
      return contrastRatios(both, { of: costOf, by: goodOf, times: 1 }, confidence);
    default:
      return source satisfies never;
  }
}

type Both = readonly (readonly [PairReply, PairReply])[];

function contrastMiddles(both: Both, field: TimeField, confidence: number): MeasuredPair | null {
  const values = timesOf(both, field);
  if (values === null) return null;
  const differences = values.second.map((value, at) => value - (values.first[at] ?? 0));
  const { value, pulls } = middleOf(differences);
  return {
    pairs: differences.length,
    first: quantile(sortSamples(values.first), 0.5) ?? 0,
    second: quantile(sortSamples(values.second), 0.5) ?? 0,
    difference: value,
    contrast: pairedBounds(value, pulls, confidence),
  };
}

function contrastQuantiles(
  both: Both,
  { field, q }: Extract<Source, { kind: 'quantile' }>,
  confidence: number,
): MeasuredPair | null {
  const values = timesOf(both, field);
  if (values === null) return null;
  const { first, second, contrast } = pairedQuantileBounds(values, q, confidence);
  return { pairs: values.first.length, first, second, difference: second - first, contrast };
}

/** Of those pairs that tell of both. */
function timesOf(both: Both, field: TimeField): { first: Float64Array; second: Float64Array } | null {
  const known = both.flatMap(([a, b]) => {
    const [ofA, ofB] = [a[field], b[field]];
    return ofA === null || ofB === null ? [] : [[ofA, ofB] as const];
  });
  if (known.length === 0) return null;
  return {
    first: Float64Array.from(known, ([value]) => value),
    second: Float64Array.from(known, ([, value]) => value),
  };
}

/** Failures come singly or in bursts: how they do is told from the blocks, as in comparisons of runs. */
function contrastSuccess(both: Both, confidence: number): MeasuredPair | null {
  if (both.length === 0) return null;
  const rateOf = (side: 0 | 1) => {
    const totals = Float64Array.from(both, (pair) => (pair[side].ok ? 1 : 0));
    const rate = { hits: totals.reduce((sum, hit) => sum + hit, 0), trials: both.length };
    const memory = { rate, blocks: { totals, trials: new Float64Array(both.length).fill(1) } };
    return { kind: 'rate' as const, rate, memory, latency: null };
  };
  const [a, b] = [rateOf(0), rateOf(1)];
  const { interval, doubt, sign } = contrastRates(a, b, confidence);
  const [first, second] = [a.rate.hits / a.rate.trials, b.rate.hits / b.rate.trials];
  const few =
    doubt !== null && 'needed' in doubt && doubt.effective < doubt.needed
      ? doubt
      : { effective: both.length, needed: both.length + 1 };
  const contrast: PairedContrast =
    sign === null
      ? { kind: 'few', effective: few.effective, needed: few.needed }
      : interval === null
        ? { kind: 'bursts', sign }
        : { kind: 'bounds', ...withinSign(interval, sign) };
  return { pairs: both.length, first, second, difference: second - first, contrast };
}

/** The exact test and the interval may differ at the edge: what the test does not tell, the interval does not claim. */
function withinSign({ low, high }: { low: number; high: number }, sign: 1 | -1 | 0) {
  return sign === 0 ? { low: Math.min(low, 0), high: Math.max(high, 0) } : { low, high };
}

function costOf({ costUsd }: PairReply): number | null {
  return costUsd;
}

function goodOf(reply: PairReply): number {
  return isGood(reply) ? 1 : 0;
}

type Ratio = {
  of: (reply: PairReply) => number | null;
  by: (reply: PairReply) => number;
  times: number;
};

/** A sum over another, of those pairs of which both are known: its difference is pulled by each pair (delta method). */
function contrastRatios(both: Both, { of, by, times }: Ratio, confidence: number): MeasuredPair | null {
  const known = both.filter(([a, b]) => of(a) !== null && of(b) !== null);
  const sideOf = (side: 0 | 1) => {
    const tops = known.map((pair) => (of(pair[side]) ?? 0) * times);
    const bottoms = known.map((pair) => by(pair[side]));
    const whole = bottoms.reduce((sum, value) => sum + value, 0);
    const ratio = tops.reduce((sum, value) => sum + value, 0) / whole;
    const pulls = tops.map((value, at) => (value - ratio * (bottoms[at] ?? 0)) / whole);
    return whole === 0 ? null : { ratio, pulls };
  };
  const [a, b] = [sideOf(0), sideOf(1)];
  if (known.length === 0 || a === null || b === null) return null;
  const pulls = Float64Array.from(b.pulls, (pull, at) =>
    rounded(pull - (a.pulls[at] ?? 0), b.ratio / known.length),
  );
  const difference = b.ratio - a.ratio;
  const contrast = pairedBounds(difference, pulls, confidence);
  return { pairs: known.length, first: a.ratio, second: b.ratio, difference, contrast };
}

/** Binary dust of equal prices is no variation. */
function rounded(pull: number, size: number): number {
  return Math.abs(pull) < 1e-9 * Math.abs(size) ? 0 : pull;
}
