import { expect, test } from 'vitest';
import { createRandom } from '../../lib/numbers/random.ts';
import { rateInterval } from './rate-interval.ts';

/** Hits by block, ten trials each. */
function tally(hits: readonly number[]): { totals: Float64Array; trials: Float64Array } {
  return { totals: Float64Array.from(hits), trials: new Float64Array(hits.length).fill(10) };
}

const flat = (blocks: number, hits: number): number[] => Array.from({ length: blocks }, () => hits);

test.each([
  ['nothing', flat(60, 0), { kind: 'bounds', low: 0 }],
  ['everything', flat(60, 10), { kind: 'bounds', high: 1 }],
  ['one burst over several blocks', [...flat(30, 0), ...flat(3, 10), ...flat(27, 0)], { kind: 'bursts' }],
  ['one burst within a block', [...flat(30, 0), 10, ...flat(29, 0)], { kind: 'bursts' }],
  ['a few blocks', flat(5, 1), { kind: 'assumed' }],
])('the interval of a rate with failures in %s', (_, hits, found) => {
  expect(rateInterval(tally(hits))).toMatchObject(found);
});

test('there is none without trials', () => {
  expect(rateInterval({ totals: new Float64Array(30), trials: new Float64Array(30) })).toBeNull();
});

test('failures that come singly are bounded, and the bounds hold the truth', () => {
  let right = 0;
  for (let seed = 0; seed < 100; seed += 1) {
    const random = createRandom(seed);
    const hits = Array.from({ length: 100 }, () => flat(10, 0).filter(() => random.next() < 0.05).length);
    const found = rateInterval(tally(hits));
    if (found?.kind === 'bounds' && found.low <= 0.05 && found.high >= 0.05) right += 1;
  }
  expect(right).toBeGreaterThanOrEqual(93);
});

test.each([1, 2, 3])('%i hits in each of 30 blocks show no noise, and have bounds all the same', (hits) => {
  const interval = rateInterval({
    totals: new Float64Array(30).fill(hits),
    trials: new Float64Array(30).fill(20),
  });
  if (interval?.kind !== 'bounds') throw new Error(`it is ${interval?.kind}`);
  expect(interval.low).toBeGreaterThan(0.9 * (hits / 20));
  expect(interval.low).toBeLessThan(hits / 20);
  expect(interval.high).toBeGreaterThan(hits / 20);
  expect(interval.high).toBeLessThan(1.1 * (hits / 20));
});
