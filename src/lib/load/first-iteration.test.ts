import { expect, test } from 'vitest';
import { firstIterationMs } from './first-iteration.ts';
import type { Load } from './load.ts';

const CLOSED = { kind: 'closed', thinkTimeMeanMs: 0, expectedLatencyMs: 1 } as const;

test.each<[string, Load, number]>([
  ['iterations', { kind: 'iterations', count: 5 }, 0],
  ['users from the start', { ...CLOSED, stages: [{ durationMs: 1000, fromVus: 2, toVus: 2 }] }, 0],
  ['a ramp of users', { ...CLOSED, stages: [{ durationMs: 50_000, fromVus: 0, toVus: 50 }] }, 1000],
  ['no users', { ...CLOSED, stages: [{ durationMs: 1000, fromVus: 0, toVus: 0 }] }, Infinity],
  ['an even rate', { kind: 'open', stages: [{ durationMs: 9000, fromPerSec: 2, toPerSec: 2 }] }, 500],
  [
    'a ramp of rates behind a pause',
    {
      kind: 'open',
      stages: [
        { durationMs: 3000, fromPerSec: 0, toPerSec: 0 },
        { durationMs: 8000, fromPerSec: 0, toPerSec: 4 },
      ],
    },
    5000,
  ],
])('%s', (_name, load, expectedMs) => {
  expect(firstIterationMs(load)).toBeCloseTo(expectedMs, 6);
});
