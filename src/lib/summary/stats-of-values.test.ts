import { expect, test } from 'vitest';
import { statsOfValues, valuesOfStats } from './stats-of-values.ts';

const VALUES = { count: 7, avg: 1, min: 2, med: 3, 'p(90)': 4, 'p(95)': 5, 'p(99)': 6, max: 8 };
const STATS = { count: 7, mean: 1, min: 2, p50: 3, p90: 4, p95: 5, p99: 6, max: 8 };
const NOTHING = { mean: null, min: null, p50: null, p90: null, p95: null, p99: null, max: null };

test('each figure is k6’s own, under our name, and back', () => {
  expect(statsOfValues(VALUES)).toEqual(STATS);
  expect(valuesOfStats(STATS)).toEqual(VALUES);
});

test('what k6 does not give is unknown, and left out on the way back', () => {
  const stats = statsOfValues({ count: 7, med: 3 });
  expect(stats).toEqual({ ...NOTHING, count: 7, p50: 3 });
  expect(valuesOfStats(stats)).toEqual({ count: 7, med: 3 });
  expect(valuesOfStats({ ...stats, count: null })).toEqual({ count: 0, med: 3 });
});

test.each([
  ['no metric', undefined, 0, null],
  ['a metric without any value', {}, 0, null],
  ['a Trend without samples, of which k6 says 0', { ...VALUES, count: 0 }, 0, null],
  ['a count that is unknown', { ...VALUES, count: null }, 0, null],
  ['k6 told to leave its count out', { med: 3 }, null, 3],
])('the count of %s', (_, values, count, p50) => {
  expect(statsOfValues(values)).toMatchObject({ count, p50 });
});

test('whoever knows the count better says it', () => {
  expect(statsOfValues(VALUES, 0)).toEqual({ ...NOTHING, count: 0 });
  expect(statsOfValues({ med: 3 }, 9)).toMatchObject({ count: 9, p50: 3 });
});
