import { describe, expect, test } from 'vitest';
import {
  normalQuantile,
  quantile,
  quantileRanks,
  smallestCountFor,
  sortSamples,
  wilsonInterval,
} from './quantiles.ts';
import { createRandom, exponential } from './random.ts';

describe('quantile', () => {
  test.each([
    ['of nothing is unknown', [], 0.95, null],
    ['of one sample is that sample', [7], 0.99, 7],
    ['interpolates as k6 does', [1, 2, 3, 4], 0.95, 3.85],
    ['falls on a sample where it can', [3, 1, 2, 5, 4], 0.5, 3],
    ['at 0 is the least', [5, 3], 0, 3],
    ['at 1 is the largest', [5, 3], 1, 5],
    ['leaves out what is not finite', [1, Infinity, Number.NaN, 3], 1, 3],
  ])('%s', (_, values, q, expected) => {
    const actual = quantile(sortSamples(values), q);
    if (expected === null) expect(actual).toBeNull();
    else expect(actual).toBeCloseTo(expected, 12);
  });
});

describe('the ranks that bound a quantile', () => {
  test.each([0.5, 0.9, 0.95, 0.99])('agree with a slow binomial sum at q=%d', (q) => {
    for (const count of [1, 2, 5, 6, 7, 35, 36, 37, 71, 72, 73, 100, 367, 368, 400]) {
      expect(quantileRanks(count, q), `n=${count}`).toEqual(slowRanks(count, q));
    }
  });

  test('stay quick and narrow for a hundred million samples', () => {
    const { low, high } = quantileRanks(1e8, 0.5);
    expect(low).toBeCloseTo(5e7 - 1.96 * 5000, -1);
    expect(high).toBeCloseTo(5e7 + 1.96 * 5000, -1);
  });

  test('cover the true value in at least 95 of 100 samples', () => {
    const random = createRandom(7);
    const truth = -Math.log(1 - 0.9);
    let covered = 0;
    for (let round = 0; round < 400; round += 1) {
      const { ascending } = sortSamples(Array.from({ length: 120 }, () => exponential(random)));
      const { low, high } = quantileRanks(ascending.length, 0.9);
      const isAbove = low === null || (ascending[low - 1] ?? Infinity) <= truth;
      const isBelow = high === null || truth <= (ascending[high - 1] ?? -Infinity);
      if (isAbove && isBelow) covered += 1;
    }
    expect(covered).toBeGreaterThanOrEqual(376);
    expect(covered).toBeLessThan(400);
  });
});

test.each([
  [0.5, 6],
  [0.9, 36],
  [0.95, 72],
  [0.99, 368],
  [1, Infinity],
])('p%d takes %d samples, and one fewer leaves it unbounded', (q, needed) => {
  expect(smallestCountFor(q)).toBe(needed);
  if (!Number.isFinite(needed)) return;
  expect(quantileRanks(needed, q).high).toBe(needed);
  expect(quantileRanks(needed - 1, q).high).toBeNull();
});

describe('the Wilson interval', () => {
  test.each([
    // Published example: Newcombe, "Two-sided confidence intervals for the single proportion", 1998, table I.
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ])('of %d in %d', (hits, trials, low, high) => {
    const interval = wilsonInterval(hits, trials);
    expect(interval.low).toBeCloseTo(low, 4);
    expect(interval.high).toBeCloseTo(high, 4);
  });

  test('of no trials has no bound', () => {
    expect(wilsonInterval(0, 0)).toEqual({ low: null, high: null });
  });

  test('of nothing but hits ends at 1', () => {
    expect(wilsonInterval(5, 5).high).toBe(1);
  });
});

test.each([
  [0.975, 1.959963984540054],
  [0.5, 0],
  [0.999, 3.090232306167813],
  [0.025, -1.959963984540054],
])('the normal quantile of %d', (p, z) => {
  expect(normalQuantile(p)).toBeCloseTo(z, 9);
});

/** By adding up binomial probabilities one by one. */
function slowRanks(count: number, q: number): { low: number | null; high: number | null } {
  const probability = (k: number): number => {
    let log = 0;
    for (let i = 1; i <= k; i += 1) log += Math.log((count - k + i) / i);
    return Math.exp(log + k * Math.log(q) + (count - k) * Math.log(1 - q));
  };
  let low: number | null = null;
  let high: number | null = null;
  let below = 0;
  for (let k = 0; k < count; k += 1) {
    below += probability(k);
    if (below <= 0.025) low = k + 1;
  }
  let above = 0;
  for (let k = count; k > 0; k -= 1) {
    above += probability(k);
    if (above <= 0.025) high = k;
  }
  return { low, high };
}
