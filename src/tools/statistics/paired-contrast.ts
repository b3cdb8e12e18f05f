import { normalProbability, smallestCountFor } from '../../lib/numbers/quantiles.ts';
import { caution, type Effective, effectiveOf, longRun, studentQuantile } from './long-run.ts';
import { quantileBounds, type QuantileSeries, quantileSeries } from './quantile-noise.ts';
import type { TrendBlocks } from './run-blocks.ts';

/** Bounds of the difference second - first of what was measured in pairs; or why there are none. */
export type PairedContrast =
  | { kind: 'bounds'; low: number; high: number }
  /** Too few pairs, or so alike in time that they count as too few. */
  | { kind: 'few'; effective: number; needed: number }
  /** Beyond noise which way (0: not even that), while bursts leave open how far. */
  | { kind: 'bursts'; sign: 1 | -1 | 0 };

/** More pairs are put together in blocks of neighbours: enough to see a memory as short as a four-hundredth of the run. */
const MAX_BLOCKS = 400;

/** Sums over blocks of neighbours. */
function inBlocks(values: Float64Array, most = MAX_BLOCKS): Float64Array {
  const count = Math.min(most, values.length);
  const sums = new Float64Array(count);
  for (const [at, value] of values.entries()) {
    const block = Math.floor((at * count) / values.length);
    sums[block] = (sums[block] ?? 0) + value;
  }
  return sums;
}

/**
 * Bounds of a difference by how far each pair pulled it, pairs in the order in which they were asked. How alike
 * neighbours are is counted in, as in comparisons of runs (docs/decisions/0052-comparisons.md); what both share, cancels.
 * Pairs asked within a moment mostly differ by chance alone: where their neighbours show no likeness, twenty batches of them
 * tell the noise, memory of a few pairs included, and less of it is lost to guessing.
 *
 * @param pulls add up to about 0: of a mean of n differences d, (d - mean) / n.
 */
export function pairedBounds(difference: number, pulls: Float64Array, confidence: number): PairedContrast {
  if (!areAlike(pulls)) return byBatches(difference, pulls, confidence);
  const blocks = inBlocks(pulls);
  const { variance, inflation, degrees } = longRun(blocks);
  const effective = effectiveOf(pulls.length, 0.5, inflation);
  if (effective.effective < effective.needed) return { kind: 'few', ...effective };
  const half = studentQuantile((1 + confidence) / 2, degrees) * Math.sqrt(variance * caution(effective));
  return { kind: 'bounds', low: difference - half, high: difference + half };
}

const BATCHES = 20;

/** Whether neighbours are alike beyond chance: the first autocorrelation (Bartlett, 1946). */
function areAlike(pulls: Float64Array): boolean {
  let [square, product] = [0, 0];
  for (const [at, pull] of pulls.entries()) {
    square += pull * pull;
    product += pull * (pulls[at + 1] ?? 0);
  }
  return product > (2 * square) / Math.sqrt(pulls.length);
}

/** Student's interval of the sums of batches; fewer than forty pairs are batches of one. */
function byBatches(difference: number, pulls: Float64Array, confidence: number): PairedContrast {
  const effective = effectiveOf(pulls.length, 0.5, 1);
  if (effective.effective < effective.needed) return { kind: 'few', ...effective };
  const sums = pulls.length < 2 * BATCHES ? pulls : inBlocks(pulls, BATCHES);
  const mean = sumOf(sums) / sums.length;
  const variance = (sumOf(sums.map((sum) => (sum - mean) ** 2)) * sums.length) / (sums.length - 1);
  const half = studentQuantile((1 + confidence) / 2, sums.length - 1) * Math.sqrt(variance);
  return { kind: 'bounds', low: difference - half, high: difference + half };
}

/** Of a normal distribution's standard deviation, the median distance from its middle. */
const MAD_RATIO = 0.6745;
/** Distances up to here, in standard deviations, count in full: 95 % as sharp as a mean where that is best. */
const FULL_WEIGHT = 1.345;
const ROUNDS = 50;

/**
 * The middle of differences, few of which may be far off, and how far each pulled it: Huber's estimate ("Robust
 * Estimation of a Location Parameter", 1964). Where most differences are the same, it is their mean.
 */
export function middleOf(differences: Float64Array): { value: number; pulls: Float64Array } {
  const count = differences.length;
  const mean = differences.reduce((sum, value) => sum + value, 0) / count;
  const median = medianOf(differences);
  const spread = medianOf(differences.map((value) => Math.abs(value - median))) / MAD_RATIO;
  if (!(spread > 0)) return { value: mean, pulls: differences.map((value) => (value - mean) / count) };
  const reach = FULL_WEIGHT * spread;
  let value = median;
  for (let round = 0; round < ROUNDS; round += 1) {
    const step = sumOf(differences.map((one) => clipped(one - value, reach))) / count;
    value += step;
    if (Math.abs(step) < 1e-9 * spread) break;
  }
  const within = differences.filter((one) => Math.abs(one - value) <= reach).length;
  return { value, pulls: differences.map((one) => clipped(one - value, reach) / within) };
}

function clipped(value: number, reach: number): number {
  return Math.max(-reach, Math.min(reach, value));
}

function sumOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0);
}

function medianOf(values: Float64Array): number {
  const ascending = Float64Array.from(values).sort();
  const at = (ascending.length - 1) / 2;
  return ((ascending[Math.floor(at)] ?? 0) + (ascending[Math.ceil(at)] ?? 0)) / 2;
}

/**
 * Bounds of the difference between two quantiles of values that came in pairs: each one's own bounds by its order
 * statistics, put together with their correlation (Zou and Donner, "Construction of Confidence Limits about Effect
 * Measures", 2008, section 2.3).
 */
export function pairedQuantileBounds(
  { first, second }: { first: Float64Array; second: Float64Array },
  q: number,
  confidence: number,
): { first: number; second: number; contrast: PairedContrast } {
  const [a, b] = [seriesOf(first, q), seriesOf(second, q)];
  const share = longRun(minus(b.share, a.share));
  const rank = longRun(minus(b.rank, a.rank));
  const effective = effectiveOf(first.length, q, Math.max(share.inflation, rank.inflation));
  const contrast = contrastOf([a, b], { effective, share }, confidence);
  return { first: a.value, second: b.value, contrast };
}

function contrastOf(
  [a, b]: readonly [QuantileSeries, QuantileSeries],
  { effective, share }: { effective: Effective; share: ReturnType<typeof longRun> },
  confidence: number,
): PairedContrast {
  if (effective.effective < effective.needed) return { kind: 'few', ...effective };
  const memory = { inflation: share.inflation * caution(effective), degrees: share.degrees };
  const [ofA, ofB] = [quantileBounds(a, memory, confidence), quantileBounds(b, memory, confidence)];
  if (ofA === null || ofB === null) return few(a, memory, confidence);
  const r = correlation(a.share, b.share);
  const together = (one: number, other: number): number =>
    Math.sqrt(Math.max(0, one ** 2 + other ** 2 - 2 * r * one * other));
  const difference = b.value - a.value;
  return {
    kind: 'bounds',
    low: difference - together(b.value - ofB.low, ofA.high - a.value),
    high: difference + together(ofB.high - b.value, a.value - ofA.low),
  };
}

/** A far quantile has no bound on its far side below so many samples. */
function few(
  { q, count }: QuantileSeries,
  { inflation, degrees }: { inflation: number; degrees: number },
  confidence: number,
): PairedContrast {
  const level = 2 * normalProbability(studentQuantile((1 + confidence) / 2, degrees)) - 1;
  return { kind: 'few', effective: count / inflation, needed: smallestCountFor(q, level) };
}

function seriesOf(values: Float64Array, q: number): QuantileSeries {
  return quantileSeries(trendOfPairs(values), q);
}

/** Values in their order, as blocks of neighbours. */
function trendOfPairs(values: Float64Array): TrendBlocks {
  const distinct = Float64Array.from(new Set(values)).sort();
  const binOf = new Map<number, number>();
  for (const [bin, value] of distinct.entries()) binOf.set(value, bin);
  const count = Math.min(MAX_BLOCKS, values.length);
  const tables = Array.from({ length: count }, () => new Map<number, number>());
  for (const [at, value] of values.entries()) {
    const table = tables[Math.floor((at * count) / values.length)];
    const bin = binOf.get(value) ?? 0;
    table?.set(bin, (table.get(bin) ?? 0) + 1);
  }
  const blocks = tables.map((table) => ({
    bins: Uint32Array.from(table.keys()),
    counts: Float64Array.from(table.values()),
  }));
  return { values: distinct, blocks, count: values.length };
}

function minus(series: Float64Array, other: Float64Array): Float64Array {
  return series.map((value, at) => value - (other[at] ?? 0));
}

/** Of two series around 0; 0 where one of them does not vary. */
function correlation(one: Float64Array, other: Float64Array): number {
  let [product, ofOne, ofOther] = [0, 0, 0];
  for (const [at, value] of one.entries()) {
    product += value * (other[at] ?? 0);
    ofOne += value ** 2;
    ofOther += (other[at] ?? 0) ** 2;
  }
  const size = Math.sqrt(ofOne * ofOther);
  return size > 0 ? Math.max(-1, Math.min(1, product / size)) : 0;
}
