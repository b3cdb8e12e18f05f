import { describe, expect, test } from 'vitest';
import { quantile, sortSamples } from '../../../lib/numbers/quantiles.ts';
import { createRandom, lognormal, type Random } from '../../../lib/numbers/random.ts';
import {
  cumulate,
  decodeHistogram,
  Histogram,
  intervalOf,
  mergeHistograms,
  quantileOf,
  statsFrom,
} from './histogram.ts';

const QUANTILES = [0, 0.01, 0.5, 0.9, 0.95, 0.99, 0.999, 1];

const DISTRIBUTIONS: readonly [string, (random: Random) => number][] = [
  ['lognormal', (random) => lognormal(random, 400, 0.8)],
  ['two humps', (random) => (random.next() < 0.7 ? 20 + random.next() : 3000 + 100 * random.next())],
  ['microseconds', (random) => random.next() * 0.2],
  ['minutes', (random) => 60_000 * (1 + 20 * random.next())],
  ['all alike', () => 123.456],
];

describe.each(DISTRIBUTIONS)('percentiles of %s', (_, draw) => {
  test.each([1, 2, 5, 40, 5000])('from %d samples are within 0.5 %% of the exact ones', (count) => {
    const random = createRandom(count);
    const values = Array.from({ length: count }, () => draw(random));
    const parts = [new Histogram(), new Histogram(), new Histogram()];
    for (const [index, value] of values.entries()) parts[index % 3]?.put(value);
    const merged = cumulate(mergeHistograms(parts));
    const decoded = cumulate(mergeHistograms(parts.map((part) => decodeHistogram(part.encode()))));
    const sorted = sortSamples(values);
    for (const q of QUANTILES) {
      const exact = quantile(sorted, q) ?? Number.NaN;
      // A value is kept to the µs: half of one is what rounding may cost very small values.
      const tolerance = exact * 0.005 + 0.0006;
      expect(Math.abs((quantileOf(merged, q) ?? NaN) - exact), `q=${q}`).toBeLessThanOrEqual(tolerance);
      expect(quantileOf(decoded, q)).toBe(quantileOf(merged, q));
    }
  });
});

test('keeps count, mean, least and largest exactly', () => {
  const histogram = new Histogram();
  for (const value of [1.23456, 9999.98765, 0.00001]) histogram.put(value);
  const stats = statsFrom(decodeHistogram(histogram.encode()));
  expect(stats).toMatchObject({ count: 3, min: 0.00001, max: 9999.98765 });
  expect(stats.mean).toBeCloseTo((1.23456 + 9999.98765 + 0.00001) / 3, 12);
});

test('a hundred million samples take no more room than a hundred', () => {
  const few = new Histogram();
  const many = new Histogram();
  for (let value = 1; value <= 100; value += 1) {
    few.put(value);
    many.put(value, 1_000_000);
  }
  expect(many.encode().length).toBeLessThan(few.encode().length + 500);
  expect(statsFrom(many).count).toBe(100_000_000);
  expect(statsFrom(decodeHistogram(many.encode())).p95).toBeCloseTo(95, 0);
});

test('an empty histogram says so', () => {
  const empty = decodeHistogram(new Histogram().encode());
  expect(statsFrom(empty)).toEqual({
    count: 0,
    mean: null,
    min: null,
    p50: null,
    p90: null,
    p95: null,
    p99: null,
    max: null,
  });
  expect(intervalOf(cumulate(empty), 0.5)).toEqual({ low: null, high: null });
});

test('a value longer than the scale counts, and the largest stays exact', () => {
  const histogram = new Histogram();
  histogram.put(1);
  histogram.put(1e9);
  expect(statsFrom(histogram).max).toBe(1e9);
});

test.each(['', 'x', '1 2 3', '1 2 3 4 !!!!', 'NaN 1 1 1 AAAA'])('refuses "%s" as a histogram', (text) => {
  expect(() => decodeHistogram(text)).toThrow();
});
