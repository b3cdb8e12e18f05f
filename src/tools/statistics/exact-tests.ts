import { createRandom } from '../../lib/numbers/random.ts';
import { logGamma } from './gamma.ts';

/** Hits of trials. */
export type Hits = { hits: number; trials: number };

/**
 * Fisher's exact test: how likely the second has as many hits or more, were both of one rate (Fisher, "Statistical
 * Methods for Research Workers", 1934, section 21.02). Counts may be fractions: effective ones.
 */
export function fisherMore(first: Hits, second: Hits): number {
  const hits = first.hits + second.hits;
  const trials = first.trials + second.trials;
  const most = Math.min(hits, second.trials);
  const base = logChoose(trials, hits);
  let probability = 0;
  for (let found = second.hits; found <= most + 1e-9; found += 1) {
    const term = Math.exp(logChoose(second.trials, found) + logChoose(first.trials, hits - found) - base);
    probability += term;
    if (term < probability * 1e-12) break;
  }
  return Math.min(1, probability);
}

function logChoose(n: number, k: number): number {
  return k < -1e-9 || k > n + 1e-9 ? -Infinity : logGamma(n + 1) - logGamma(k + 1) - logGamma(n - k + 1);
}

/** Permutations beside the one seen. */
const PERMUTATIONS = 2000;

/**
 * How likely a statistic of two samples comes out as large, and as small, as it did, were all values of one kind and
 * dealt to both at random (Fisher, "The Design of Experiments", 1935). It takes values that do not depend on each
 * other. The deals are drawn from a fixed seed.
 *
 * @param tail no more deals are drawn once both are sure to be above it; what is returned then is, too.
 */
export function permutationTest(
  [first, second]: readonly [readonly number[], readonly number[]],
  statistic: (first: Float64Array, second: Float64Array) => number,
  tail = 1,
): { larger: number; smaller: number } {
  const all = Float64Array.of(...first, ...second);
  const [toFirst, toSecond] = [all.subarray(0, first.length), all.subarray(first.length)];
  const seen = statistic(toFirst, toSecond);
  const random = createRandom('permutations');
  let larger = 1;
  let smaller = 1;
  const isSettled = (): boolean => Math.min(larger, smaller) / (PERMUTATIONS + 1) > tail;
  for (let deal = 0; deal < PERMUTATIONS && !isSettled(); deal += 1) {
    for (let at = 0; at < first.length; at += 1)
      swap(all, at, at + Math.floor(random.next() * (all.length - at)));
    const value = statistic(toFirst, toSecond);
    if (value >= seen) larger += 1;
    if (value <= seen) smaller += 1;
  }
  return { larger: larger / (PERMUTATIONS + 1), smaller: smaller / (PERMUTATIONS + 1) };
}

function swap(values: Float64Array, one: number, other: number): void {
  const value = values[one] ?? 0;
  values[one] = values[other] ?? 0;
  values[other] = value;
}

/** The smallest probability that `permutationTest` can give for samples of these sizes. */
export function leastProbability(firstCount: number, secondCount: number): number {
  return Math.max(
    1 / (PERMUTATIONS + 1),
    Math.exp(-logChoose(firstCount + secondCount, Math.min(firstCount, secondCount))),
  );
}
