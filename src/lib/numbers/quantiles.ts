/**
 * Exact statistics on samples, and how far they can be trusted. Pure arithmetic: the same inside k6 and in
 * Node. A "quantile" is given by its ratio, 0.95 for p95.
 */

/** Finite samples in ascending order. Made by `sortSamples`, so that no one reads a percentile of a heap. */
export type Sorted = { readonly ascending: Float64Array };

/** A range that holds the true value with the confidence asked for; null where the sample sets no bound. */
export type Interval = { low: number | null; high: number | null };

/** The confidence of every interval that is printed. */
export const CONFIDENCE = 0.95;

/** Copies, drops what is not finite, and sorts. */
export function sortSamples(values: ArrayLike<number>): Sorted {
  const ascending = Float64Array.from(values).filter((value) => Number.isFinite(value));
  return { ascending: ascending.sort() };
}

/**
 * The value at a quantile, interpolated between neighbours as k6's Trend does (position `q · (n - 1)`, type 7
 * of Hyndman and Fan, "Sample Quantiles in Statistical Packages", 1996). null without samples.
 *
 * @param q from 0 to 1.
 */
export function quantile({ ascending }: Sorted, q: number): number | null {
  if (ascending.length === 0) return null;
  const position = q * (ascending.length - 1);
  const below = ascending[Math.floor(position)] ?? 0;
  const above = ascending[Math.ceil(position)] ?? below;
  return below + (above - below) * (position - Math.floor(position));
}

/** Ranks from 1 to n of the two samples that bound a quantile; null where no sample does. */
export type RankInterval = { low: number | null; high: number | null };

/**
 * Which order statistics bound the true quantile, whatever the distribution: the number of samples below it
 * is binomial (David and Nagaraja, "Order Statistics", 3rd ed., section 7.1). Each tail holds at most half
 * of what the confidence leaves. Samples must be independent; for those that are not, pass their effective
 * number.
 *
 * @param count number of samples, 0 or more.
 */
export function quantileRanks(count: number, q: number, confidence = CONFIDENCE): RankInterval {
  const size = Math.floor(count);
  if (size < 1 || q <= 0 || q >= 1) return { low: null, high: null };
  const tail = (1 - confidence) / 2;
  const { from, weights } = binomialWeights(size, q);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let low: number | null = null;
  let below = 0;
  for (const [index, weight] of weights.entries()) {
    below += weight / total;
    if (below > tail) break;
    low = from + index + 1;
  }
  let high: number | null = null;
  let above = 0;
  for (let index = weights.length - 1; index >= 0; index -= 1) {
    above += (weights[index] ?? 0) / total;
    if (above > tail) break;
    high = from + index;
  }
  return { low, high };
}

/** Weights smaller than this, against the largest, are below the precision of a double. */
const NEGLIGIBLE = 1e-18;

/** Binomial probabilities up to a common factor, from the first that matters. */
function binomialWeights(size: number, q: number): { from: number; weights: readonly number[] } {
  const mode = Math.min(size, Math.floor((size + 1) * q));
  const down: number[] = [];
  for (let k = mode, weight = 1; k > 0; k -= 1) {
    weight *= (k * (1 - q)) / ((size - k + 1) * q);
    if (weight < NEGLIGIBLE) break;
    down.push(weight);
  }
  const up: number[] = [];
  for (let k = mode, weight = 1; k < size; k += 1) {
    weight *= ((size - k) * q) / ((k + 1) * (1 - q));
    if (weight < NEGLIGIBLE) break;
    up.push(weight);
  }
  return { from: mode - down.length, weights: [...backwards(down), 1, ...up] };
}

/** `toReversed` is younger than k6's engine. */
function backwards(values: readonly number[]): number[] {
  return values.map((_, index) => values[values.length - 1 - index] ?? 0);
}

/**
 * The fewest independent samples that bound a quantile on both sides: 6 for p50, 36 for p90, 72 for p95,
 * 368 for p99. With fewer, even the largest sample may lie below the true value.
 */
export function smallestCountFor(q: number, confidence = CONFIDENCE): number {
  const rarer = Math.max(q, 1 - q);
  if (rarer >= 1) return Infinity;
  return Math.ceil(Math.log((1 - confidence) / 2) / Math.log(rarer));
}

/**
 * The interval of a rate (Wilson, "Probable Inference, the Law of Succession, and Statistical Inference",
 * 1927): right even where nothing, or everything, failed. Unbounded without trials.
 */
export function wilsonInterval(hits: number, trials: number, confidence = CONFIDENCE): Interval {
  if (!(trials > 0)) return { low: null, high: null };
  const z = normalQuantile(1 - (1 - confidence) / 2);
  const ratio = hits / trials;
  const z2n = (z * z) / trials;
  const centre = (ratio + z2n / 2) / (1 + z2n);
  const half = (z / (1 + z2n)) * Math.sqrt((ratio * (1 - ratio)) / trials + z2n / (4 * trials));
  return {
    low: hits <= 0 ? 0 : Math.max(0, centre - half),
    high: hits >= trials ? 1 : Math.min(1, centre + half),
  };
}

/**
 * The value that a standard normal stays below with probability `p`, 0 < p < 1; 1.959964 for 0.975.
 * By bisection: it is asked for a few times a report.
 */
export function normalQuantile(p: number): number {
  let low = -9;
  let high = 9;
  for (let step = 0; step < 60; step += 1) {
    const middle = (low + high) / 2;
    if (normalProbability(middle) < p) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** P(Z <= z) by the series of Marsaglia, "Evaluating the Normal Distribution", 2004: exact to a double. */
export function normalProbability(z: number): number {
  if (z < -8.5) return 0;
  if (z > 8.5) return 1;
  let sum = z;
  let term = z;
  for (let divisor = 3; Math.abs(term) > 1e-17 * Math.abs(sum) && divisor < 600; divisor += 2) {
    term *= (z * z) / divisor;
    sum += term;
  }
  return 0.5 + (sum * Math.exp((-z * z) / 2)) / Math.sqrt(2 * Math.PI);
}
