import { expect, test } from 'vitest';
import { betaProbability, logGamma } from './gamma.ts';

test.each([
  [1, 0],
  [0.5, Math.log(Math.PI) / 2],
  [11, Math.log(3_628_800)],
])('ln Γ(%d)', (x, value) => {
  expect(logGamma(x)).toBeCloseTo(value, 9);
});

// A beta distribution of whole numbers is a binomial sum: P(B <= x) = P(at least a of a + b - 1 hits).
test.each([
  [0.3, 1, 1, 0.3],
  [0.5, 3, 3, 0.5],
  [0.5, 2, 4, 26 / 32],
  [0.25, 2, 3, 1 - (0.75 ** 4 + 4 * 0.25 * 0.75 ** 3)],
  [0, 2, 3, 0],
  [1, 2, 3, 1],
  // Both ends of its fraction, by symmetry.
  [0.95, 950, 50, 1 - betaProbability(0.05, { a: 50, b: 950 })],
])('P(B <= %d) with %d and %d', (x, a, b, probability) => {
  expect(betaProbability(x, { a, b })).toBeCloseTo(probability, 9);
});
