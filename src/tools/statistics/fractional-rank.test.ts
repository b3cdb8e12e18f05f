import { expect, test } from 'vitest';
import { fractionalRank } from './fractional-rank.ts';

// The largest of n lies above the quantile with probability 1 - q^n: whole ranks are what the binomial says.
test.each([
  [5, 0.5, 5, 0.5 ** 5],
  [59, 0.95, 59, 0.95 ** 59],
  [4, 0.5, 2, 11 / 16],
])('of %d samples at %d, rank %d', (size, q, rank, probability) => {
  expect(fractionalRank({ size, q, probability }) * (size + 1)).toBeCloseTo(rank, 6);
});

test('falls as it must be surer to lie below', () => {
  const at = (probability: number): number => fractionalRank({ size: 12.5, q: 0.5, probability });
  expect(at(0.975)).toBeLessThan(at(0.9));
  expect(at(0.025)).toBeCloseTo(1 - at(0.975), 9);
});
