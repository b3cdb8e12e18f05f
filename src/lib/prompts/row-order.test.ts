import { expect, test } from 'vitest';
import { createRowOrder } from './row-order.ts';

const rowsOf = (count: number, seed: number, from: number, to: number): number[] => {
  const rowAt = createRowOrder(count, seed);
  return Array.from({ length: to - from }, (_, i) => rowAt(from + i));
};

const ascending = (count: number): number[] => Array.from({ length: count }, (_, row) => row);

test('every row comes once before any comes again, whatever their number', () => {
  for (const count of [...ascending(130).slice(1), 1000, 4097]) {
    for (const time of [0, 1, 7]) {
      const rows = rowsOf(count, 42, time * count, (time + 1) * count);
      expect(
        rows.toSorted((a, b) => a - b),
        `${count} rows, time ${time}`,
      ).toEqual(ascending(count));
    }
  }
});

test('the order is the seed’s, and another one the next time through', () => {
  expect(rowsOf(100, 42, 0, 100)).toEqual(rowsOf(100, 42, 0, 100));
  expect(rowsOf(100, 42, 0, 100)).not.toEqual(rowsOf(100, 43, 0, 100));
  expect(rowsOf(100, 42, 0, 100)).not.toEqual(rowsOf(100, 42, 100, 200));
});

test('any row may come at any place', () => {
  const count = 10;
  const seen = Array.from({ length: count }, () => Array.from({ length: count }, () => 0));
  const seeds = 3000;
  for (let seed = 0; seed < seeds; seed += 1) {
    for (const [place, row] of rowsOf(count, seed, 0, count).entries()) seen[place]![row]! += 1;
  }
  // 300 each, with a standard deviation of 16.4.
  for (const share of seen.flat()) expect(Math.abs(share - seeds / count)).toBeLessThan(82);
});

test('neighbours in the file are no neighbours in the run', () => {
  const rows = rowsOf(1000, 42, 0, 1000);
  const neighbours = rows.filter((row, at) => at > 0 && row === rows[at - 1]! + 1);
  expect(neighbours.length).toBeLessThan(10);
});
