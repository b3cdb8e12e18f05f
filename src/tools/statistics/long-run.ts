import { normalQuantile } from '../../lib/numbers/quantiles.ts';

/** What a series tells of the noise of its own sum. */
export type LongRun = {
  /** Variance of the sum of the series, with what neighbours share counted in. */
  variance: number;
  /** How many times as large as it would be for a series of independent values; 1 or more. */
  inflation: number;
  /** How many stretches without a memory of each other the series holds: the degrees of freedom of `variance`. */
  degrees: number;
};

/**
 * The long-run variance of a series by its autocovariances, added up while the sums of neighbouring pairs stay
 * above zero and fall (Geyer, "Practical Markov Chain Monte Carlo", 1992, section 3.3). Autocovariances around
 * the series' own mean come out too small, by the share of the series that was added up: that is put back.
 * Negative memory is not made use of.
 */
export function longRun(series: Float64Array): LongRun {
  const size = series.length;
  const mean = series.reduce((sum, value) => sum + value, 0) / Math.max(1, size);
  const centred = series.map((value) => value - mean);
  const plain = autocovariance(centred, 0);
  if (!(plain > 0)) return { variance: 0, inflation: 1, degrees: Math.max(1, size - 1) };
  let sum = -plain;
  let least = Infinity;
  let reach = 0;
  for (let pair = 0; 4 * pair + 2 < size; pair += 1) {
    const both = autocovariance(centred, 2 * pair) + autocovariance(centred, 2 * pair + 1);
    if (both <= 0) break;
    least = Math.min(least, both);
    sum += 2 * least;
    reach = 2 * pair + 1;
  }
  const window = (2 * reach + 1) / size;
  const long = Math.max(sum, plain) / Math.max(0.05, 1 - window);
  return { variance: long * size, inflation: long / plain, degrees: Math.max(1, 1 / window) };
}

function autocovariance(centred: Float64Array, lag: number): number {
  let sum = 0;
  for (let at = lag; at < centred.length; at += 1) sum += (centred[at] ?? 0) * (centred[at - lag] ?? 0);
  return sum / centred.length;
}

/** Student's t by its expansion around the normal (Abramowitz and Stegun 26.7.5), right to 1 % from 5 degrees on. */
export function studentQuantile(p: number, degrees: number): number {
  const z = normalQuantile(p);
  const g1 = (z ** 3 + z) / 4;
  const g2 = (5 * z ** 5 + 16 * z ** 3 + 3 * z) / 96;
  const g3 = (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / 384;
  return z + g1 / degrees + g2 / degrees ** 2 + g3 / degrees ** 3;
}

/**
 * How many independent samples an interval takes. Independent ones: what bounds a quantile on both sides. For others
 * their effective number is itself an estimate, and too large exactly where the interval is too narrow: it takes more
 * before one may believe it. Chosen by simulation (docs/decisions/0052-comparisons.md).
 *
 * @param inflation of the variance, 1 for independent samples.
 */
export function neededFor(q: number, inflation: number): number {
  const alike = 1 - 1 / Math.max(1, inflation);
  const independent = Math.max(MIN_SAMPLES, Math.log(0.025) / Math.log(Math.max(q, 1 - q)));
  return independent + (MORE * alike) / Math.min(q, 1 - q);
}

/** Samples beyond the quantile that it takes where neighbours are alike. */
const MORE = 6;
/** With fewer, nothing is known of memory. */
const MIN_SAMPLES = 7.4;

/** By how much a variance is raised where its samples barely suffice: those who claim too much have one too small. */
export function caution({ effective, needed, inflation }: Effective): number {
  return 1 + 2.5 * (1 - 1 / Math.max(1, inflation)) * (needed / effective);
}

/** As how many independent ones a number of samples counts, and how many it takes. */
export type Effective = { effective: number; needed: number; inflation: number };

export function effectiveOf(count: number, q: number, inflation: number): Effective {
  return { effective: count / Math.max(1, inflation), needed: neededFor(q, inflation), inflation };
}
