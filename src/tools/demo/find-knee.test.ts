import { expect, test } from 'vitest';
import { madeRecord } from '../results/made-samples.ts';
import { findKnee } from './find-knee.ts';

/** One second of requests, evenly spaced, from `atMs` on. */
function second(atMs: number, ratePerSec: number, change: Parameters<typeof madeRecord>[0]) {
  return Array.from({ length: ratePerSec }, (_, index) =>
    madeRecord({ atMs: atMs + (index * 1000) / ratePerSec, ...change }),
  );
}

const FAST = { latencyMs: 100, endMs: 100 };
const SLOW = { latencyMs: 160, endMs: 160 };
const REFUSED = { outcome: 'overloaded', latencyMs: null, endMs: 5 } as const;

test('a server that stays as fast as it was has not given in', () => {
  expect(findKnee([...second(0, 10, FAST), ...second(1000, 40, FAST)])).toEqual({
    offeredPerSec: null,
    mostAnsweredPerSec: 40,
  });
});

test('it gave in where its median latency rose by half', () => {
  const samples = [...second(0, 10, FAST), ...second(1000, 40, FAST), ...second(2000, 80, SLOW)];
  expect(findKnee(samples).offeredPerSec).toBe(80);
  expect(findKnee(samples.toReversed()).offeredPerSec).toBe(80);
});

test('it gave in where it first refused a request, and refusals are no answers', () => {
  const samples = [...second(0, 10, FAST), ...second(1000, 60, REFUSED), ...second(2000, 80, FAST)];
  expect(findKnee(samples)).toEqual({ offeredPerSec: 60, mostAnsweredPerSec: 80 });
});

test('of no samples there is nothing to say', () => {
  expect(findKnee([])).toEqual({ offeredPerSec: null, mostAnsweredPerSec: 0 });
});
