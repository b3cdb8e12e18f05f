import { describe, expect, test } from 'vitest';
import {
  coefficientOfVariation,
  correlation,
  gapsOf,
  ksDistance,
  ksPValue,
  standardDeviation,
} from './statistics.ts';

const uniform = (value: number): number => Math.min(1, Math.max(0, value));

/** The distance by brute force: both sides of every step, on a fine grid. */
function slowDistance(sample: readonly number[]): number {
  let largest = 0;
  for (let step = 0; step <= 100_000; step++) {
    const at = step / 100_000;
    const share = sample.filter((value) => value <= at).length / sample.length;
    largest = Math.max(largest, Math.abs(share - at));
  }
  return largest;
}

describe('statistics for tests', () => {
  test('hand values', () => {
    expect(standardDeviation([2, 4, 4, 4, 5, 5, 7, 9])).toBeCloseTo(Math.sqrt(32 / 7), 12);
    expect(coefficientOfVariation([1, 3])).toBeCloseTo(Math.SQRT2 / 2, 12);
    expect(gapsOf([1, 4, 9])).toEqual([3, 5]);
    expect(correlation([1, 2, 3], [2, 4, 6])).toBeCloseTo(1, 12);
    expect(correlation([1, 2, 3], [3, 2, 1])).toBeCloseTo(-1, 12);
  });

  test('the KS distance equals a brute-force search', () => {
    const sample = [0.11, 0.12, 0.4, 0.55, 0.56, 0.9, 0.97];
    expect(ksDistance(sample, uniform)).toBeCloseTo(slowDistance(sample), 4);
    expect(ksDistance([0.5], uniform)).toBe(0.5);
  });

  // Critical values of D for n = 100 in the usual tables: 0.1340 at 5 %, 0.1608 at 1 %.
  test.each([
    [0.134, 0.05],
    [0.1608, 0.01],
  ])('the p value of D = %f at n = 100 is about %f', (distance, expected) => {
    expect(ksPValue(distance, 100) / expected).toBeGreaterThan(0.9);
    expect(ksPValue(distance, 100) / expected).toBeLessThan(1.1);
  });
});
