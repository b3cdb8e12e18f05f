import { describe, expect, test } from 'vitest';
import { createRandom, standardNormal } from '../../lib/numbers/random.ts';
import { caution, effectiveOf, longRun, neededFor, studentQuantile } from './long-run.ts';

function autoregression(seed: number, memory: number, size: number): Float64Array {
  const random = createRandom(seed);
  let value = standardNormal(random);
  return Float64Array.from({ length: size }, () => {
    value = memory * value + Math.sqrt(1 - memory ** 2) * standardNormal(random);
    return value;
  });
}

describe('the long-run variance', () => {
  // (1 + memory) / (1 - memory) is what an autoregression of order one is known to have.
  test.each([
    [0, 1],
    [0.5, 3],
    [0.9, 19],
  ])('of a memory of %d is %d times that of independent values', (memory, truth) => {
    const inflations = Array.from(
      { length: 20 },
      (_, seed) => longRun(autoregression(seed, memory, 4000)).inflation,
    );
    const mean = inflations.reduce((sum, inflation) => sum + inflation, 0) / inflations.length;
    expect(mean).toBeGreaterThan(truth * 0.9);
    expect(mean).toBeLessThan(truth * 1.2);
  });

  test('of a sum that stays put is nothing', () => {
    expect(longRun(new Float64Array(40).fill(3)).variance).toBe(0);
    expect(longRun(new Float64Array(0)).variance).toBe(0);
  });

  test('makes no use of values that balance each other', () => {
    expect(
      longRun(Float64Array.from({ length: 100 }, (_, at) => (at % 2 === 0 ? 1 : -1))).inflation,
    ).toBeGreaterThanOrEqual(1);
  });
});

describe('how many samples it takes', () => {
  test.each([
    [0.5, 1, 7.4],
    [0.95, 1, 71.9],
    [0.05, 1, 71.9],
    [0.99, 1, 367],
  ])('at %d, %d times as alike, are %d', (q, inflation, needed) => {
    expect(neededFor(q, inflation)).toBeCloseTo(needed, 0);
  });

  test('are more where neighbours are alike, and so is the margin', () => {
    expect(neededFor(0.95, 20)).toBeGreaterThan(180);
    expect(caution(effectiveOf(1000, 0.5, 1))).toBe(1);
    expect(caution(effectiveOf(1000, 0.5, 20))).toBeGreaterThan(1.5);
  });
});

// Published tables of Student's t.
test.each([
  [0.975, 5, 2.571],
  [0.975, 9, 2.262],
  [0.975, 39, 2.023],
  [0.95, 19, 1.729],
])("Student's t at %d with %d degrees of freedom is %d", (p, degrees, t) => {
  expect(studentQuantile(p, degrees)).toBeCloseTo(t, 1);
});
