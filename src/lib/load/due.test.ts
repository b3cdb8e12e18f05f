import { expect, test } from 'vitest';
import { deliveredRatio, dueBy, packStages, scheduledBefore } from './due.ts';
import { offeredRequests } from './load.ts';
import { SCENARIO_PARTS } from './scenario-parts.ts';

const RAMP = packStages([
  { durationMs: 10_000, fromPerSec: 0, toPerSec: 10 },
  { durationMs: 5000, fromPerSec: 10, toPerSec: 10 },
]);

test.each([
  [-1, 0],
  [0, 0],
  [5000, 12.5],
  [10_000, 50],
  [12_000, 70],
  [15_000, 100],
  [99_000, 100],
])('by %i ms, %f iterations are due', (sinceMs, due) => {
  expect(dueBy(RAMP, sinceMs)).toBeCloseTo(due, 9);
});

test('by its end, a load has offered what it offers', () => {
  for (const { load } of Object.values(SCENARIO_PARTS).flat()) {
    if (load.kind !== 'open') continue;
    expect(dueBy(packStages(load.stages), Infinity)).toBeCloseTo(offeredRequests(load.stages), 6);
  }
});

test('of a schedule, those before a time are due', () => {
  const times = [0, 5, 5, 9];
  const schedule = { count: 4, requestAt: (i: number) => ({ atMs: times[i] ?? 0 }) };
  expect([0, 1, 5, 6, 9, 10].map((atMs) => scheduledBefore(schedule, atMs))).toEqual([0, 1, 1, 3, 3, 4]);
});

test('more than is due is delivered, and so is everything where nothing is due', () => {
  expect([deliveredRatio(3, 0.4), deliveredRatio(12, 10), deliveredRatio(4, 1000)]).toEqual([1, 1, 0.004]);
});
