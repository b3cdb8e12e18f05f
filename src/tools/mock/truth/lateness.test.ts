import { expect, test } from 'vitest';
import { randomFor, lognormal } from '../../../lib/numbers/random.ts';
import { LatenessHistogram } from './lateness.ts';

test('an empty histogram has nothing but zeros', () => {
  expect(new LatenessHistogram().read()).toEqual({ count: 0, mean: 0, p50: 0, p99: 0, max: 0 });
});

test('percentiles are those of the sorted values, to 2.2 %', () => {
  const random = randomFor(7, 'lateness');
  const histogram = new LatenessHistogram();
  const values = Array.from({ length: 5000 }, () => lognormal(random, 0.4, 1.5));
  for (const value of values) histogram.add(value);
  const sorted = values.toSorted((a, b) => a - b);
  const { count, mean, p50, p99, max } = histogram.read();
  expect(count).toBe(5000);
  expect(max).toBe(sorted.at(-1));
  expect(mean).toBeCloseTo(values.reduce((sum, value) => sum + value, 0) / 5000, 9);
  for (const [found, rank] of [
    [p50, 2500],
    [p99, 4950],
  ] as const) {
    const exact = sorted[rank - 1] ?? 0;
    expect(found).toBeGreaterThanOrEqual(exact);
    expect(found).toBeLessThanOrEqual(exact * 1.022);
  }
});

test('extremes stay within', () => {
  const histogram = new LatenessHistogram();
  for (const value of [-1, 0, 1e9]) histogram.add(value);
  expect(histogram.read()).toMatchObject({ count: 3, p50: 0.001, max: 1e9 });
  histogram.reset();
  expect(histogram.read().count).toBe(0);
});
