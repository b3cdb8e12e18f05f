import { describe, expect, test } from 'vitest';
import { fisherMore, leastProbability, permutationTest } from './exact-tests.ts';

describe("Fisher's exact test", () => {
  test.each([
    // The lady who tasted tea: three of four cups found (Fisher, "The Design of Experiments", 1935).
    ['three of four cups', { hits: 1, trials: 4 }, { hits: 3, trials: 4 }, 17 / 70],
    ['all of four cups', { hits: 0, trials: 4 }, { hits: 4, trials: 4 }, 1 / 70],
    ['nothing against everything in five', { hits: 0, trials: 5 }, { hits: 5, trials: 5 }, 1 / 252],
    ['nothing in both', { hits: 0, trials: 5 }, { hits: 0, trials: 5 }, 1],
    ['fewer now', { hits: 5, trials: 5 }, { hits: 0, trials: 5 }, 1],
  ])('of %s', (_, first, second, probability) => {
    expect(fisherMore(first, second)).toBeCloseTo(probability, 8);
  });

  test('of large counts is what the normal approximation says', () => {
    const probability = fisherMore({ hits: 1000, trials: 50_000 }, { hits: 1100, trials: 50_000 });
    expect(probability).toBeGreaterThan(0.012);
    expect(probability).toBeLessThan(0.016);
  });
});

describe('a test by permutations', () => {
  const sum = (values: Float64Array): number => values.reduce((total, value) => total + value, 0);
  const statistic = (first: Float64Array, second: Float64Array): number => sum(second) - sum(first);

  test('of two samples that do not overlap is as rare as such a deal', () => {
    const { larger, smaller } = permutationTest(
      [
        [1, 2, 3, 4, 5],
        [11, 12, 13, 14, 15],
      ],
      statistic,
    );
    expect(larger).toBeLessThan(0.01);
    expect(smaller).toBe(1);
  });

  test('of equal values tells nothing', () => {
    expect(
      permutationTest(
        [
          [9, 9, 9],
          [9, 9, 9],
        ],
        statistic,
      ),
    ).toEqual({ larger: 1, smaller: 1 });
  });

  test.each([
    ['alike', [1, 2, 3, 4, 5, 6], [2, 3, 4, 5, 6, 7]],
    ['apart', [1, 2, 3, 4, 5, 6], [5, 6, 7, 8, 9, 10]],
    ['far apart', [1, 2, 3, 4, 5, 6], [11, 12, 13, 14, 15, 16]],
  ])('that is asked for a tail says of samples %s what it says of all deals', (_, first, second) => {
    for (const tail of [0.5, 0.1, 0.025, 0.005]) {
      const all = permutationTest([first, second], statistic);
      const some = permutationTest([first, second], statistic, tail);
      expect([some.larger <= tail, some.smaller <= tail]).toEqual([all.larger <= tail, all.smaller <= tail]);
    }
  });

  test('draws no more deals than its tail needs', () => {
    let deals = 0;
    const same = [1, 2, 3, 4, 5, 6];
    permutationTest([same, same], (...lists) => (deals++, statistic(...lists)), 0.025);
    expect(deals).toBeLessThan(300);
  });

  test.each([
    [1, 1, 1 / 2],
    [3, 3, 1 / 20],
    [5, 5, 1 / 252],
    [50, 50, 1 / 2001],
  ])('of %d and %d values is never below %d', (first, second, probability) => {
    expect(leastProbability(first, second)).toBeCloseTo(probability, 8);
  });
});
