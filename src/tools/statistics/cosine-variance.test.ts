import { expect, test } from 'vitest';
import { createRandom, standardNormal } from '../../lib/numbers/random.ts';
import { cosineVariance, frequenciesFor } from './cosine-variance.ts';

function meanVariance(memory: number, { size, frequencies }: { size: number; frequencies: number }): number {
  const random = createRandom(`memory ${memory}`);
  let sum = 0;
  for (let repeat = 0; repeat < 200; repeat += 1) {
    let value = standardNormal(random);
    const series = Float64Array.from({ length: size }, () => {
      value = memory * value + Math.sqrt(1 - memory ** 2) * standardNormal(random);
      return value;
    });
    sum += cosineVariance(series, frequencies) / size / 200;
  }
  return sum;
}

// (1 + memory) / (1 - memory) is what an autoregression of order one is known to have.
test.each([
  [0, 1],
  [0.5, 3],
  [0.9, 19],
])('a memory of %d raises the variance of a sum %d times', (memory, truth) => {
  const variance = meanVariance(memory, { size: 1500, frequencies: 12 });
  expect(variance).toBeGreaterThan(truth * 0.85);
  expect(variance).toBeLessThan(truth * 1.15);
});

test('a constant adds nothing, and a series that stays put has none', () => {
  const series = Float64Array.from({ length: 40 }, (_, at) => Math.sin(at * at));
  expect(
    cosineVariance(
      series.map((value) => value + 7),
      5,
    ),
  ).toBeCloseTo(cosineVariance(series, 5), 9);
  expect(cosineVariance(new Float64Array(40), 5)).toBe(0);
});

test('as many frequencies as published: 12 of 150', () => {
  expect([20, 75, 150].map(frequenciesFor)).toEqual([3, 7, 12]);
});
