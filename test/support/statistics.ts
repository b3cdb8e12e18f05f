/** Statistics that tests judge samples by. Plain and slow on purpose; checked in statistics.test.ts. */

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** The sample standard deviation (n - 1). */
export function standardDeviation(values: readonly number[]): number {
  const centre = mean(values);
  const squares = values.reduce((sum, value) => sum + (value - centre) * (value - centre), 0);
  return Math.sqrt(squares / (values.length - 1));
}

/** Standard deviation over mean: 1 for an exponential, 0 for even spacing. */
export function coefficientOfVariation(values: readonly number[]): number {
  return standardDeviation(values) / mean(values);
}

/** The gaps between neighbours. */
export function gapsOf(times: readonly number[]): number[] {
  return times.slice(1).map((time, index) => time - (times[index] ?? time));
}

/** The largest distance between the sample's distribution and the expected one (Kolmogorov, one sample). */
export function ksDistance(sample: readonly number[], cdf: (value: number) => number): number {
  const sorted = [...sample].sort((a, b) => a - b);
  return sorted.reduce((largest, value, index) => {
    const expected = cdf(value);
    const above = (index + 1) / sorted.length - expected;
    const below = expected - index / sorted.length;
    return Math.max(largest, above, below);
  }, 0);
}

/**
 * The chance that a sample of n from the expected distribution is at least this far from it: Kolmogorov's
 * limit with Stephens' correction for n (1970).
 */
export function ksPValue(distance: number, count: number): number {
  const root = Math.sqrt(count);
  const x = (root + 0.12 + 0.11 / root) * distance;
  if (x < 0.2) return 1;
  let sum = 0;
  for (let k = 1; k <= 100; k++) sum += (k % 2 === 1 ? 2 : -2) * Math.exp(-2 * k * k * x * x);
  return Math.min(1, Math.max(0, sum));
}

/** Pearson's correlation of two lists of the same length. */
export function correlation(a: readonly number[], b: readonly number[]): number {
  const meanA = mean(a);
  const meanB = mean(b);
  const products = a.map((value, index) => (value - meanA) * ((b[index] ?? meanB) - meanB));
  return (mean(products) / (standardDeviation(a) * standardDeviation(b))) * (a.length / (a.length - 1));
}
