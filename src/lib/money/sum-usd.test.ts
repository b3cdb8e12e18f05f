import { describe, expect, test } from 'vitest';
import { createUsdStepper, sumUsd, usdFromMillionths } from './sum-usd.ts';

const TOLERANCE_USD = 1e-9;

/** As k6 adds up a Counter. */
function naiveSum(amounts: readonly number[]): number {
  return amounts.reduce((sum, amount) => sum + amount, 0);
}

describe('usdFromMillionths', () => {
  test('takes away the dust of binary fractions', () => {
    expect(usdFromMillionths(12345 * 2 + 678 * 8)).toBe(0.030114);
    expect(usdFromMillionths(3 * 0.1)).toBe(0.0000003);
    expect(usdFromMillionths(0)).toBe(0);
  });
});

describe('sumUsd', () => {
  test.each([
    [0.1, 10],
    [0.0001, 10_000],
  ])('%d added %d times is 1.000000', (amount, times) => {
    const total = sumUsd(Array.from({ length: times }, () => amount));
    expect(Math.abs(total - 1)).toBeLessThan(TOLERANCE_USD);
    expect(total.toFixed(6)).toBe('1.000000');
  });

  test('keeps the small beside the large', () => {
    expect(sumUsd([1e9, 1e-9, -1e9])).toBe(1e-9);
    expect(sumUsd([1e-9, 1e9, -1e9])).toBe(1e-9);
    expect(sumUsd([])).toBe(0);
  });
});

describe('createUsdStepper', () => {
  test.each([
    [0.0001, 10_000],
    [0.000_000_042, 1_000_000],
    [0.030114, 200_000],
  ])('%d stepped and added %d times is off by less than a picodollar', (amount, times) => {
    const step = createUsdStepper();
    const total = naiveSum(Array.from({ length: times }, () => step(amount)));
    const exact = Number((BigInt(Math.round(amount * 1e12)) * BigInt(times)).toString()) / 1e12;
    expect(Math.abs(total - exact)).toBeLessThan(1e-12 * Math.max(1, exact));
  });

  test('a plain sum of as many would not be', () => {
    const amounts = Array.from({ length: 1_000_000 }, () => 0.030114);
    expect(Math.abs(naiveSum(amounts) - 30_114)).toBeGreaterThan(TOLERANCE_USD);
  });

  test('changes no amount by more than a picodollar, and gives nothing below zero', () => {
    const step = createUsdStepper();
    for (const amount of [0.1, 0, 0.2, 1e-13, 0, 0.7]) {
      const stepped = step(amount);
      expect(Math.abs(stepped - amount)).toBeLessThanOrEqual(1e-12);
      expect(stepped >= 0).toBe(true);
    }
  });
});
