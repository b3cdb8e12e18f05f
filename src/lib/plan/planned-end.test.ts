import { describe, expect, test } from 'vitest';
import type { Load, OpenStage } from '../load/load.ts';
import { plannedEndOf } from './planned-end.ts';
import type { PlannedPart } from './planned-parts.ts';

const part = (load: Load, lengthMs: number | null): PlannedPart => {
  return {
    name: 'p',
    load,
    startMs: 0,
    zeroMs: 1000,
    lengthMs,
    minVus: 1,
    requestKind: null,
    schedule: null,
  };
};
const open = (stage: OpenStage): PlannedPart => part({ kind: 'open', stages: [stage] }, stage.durationMs);

test('a run of time ends with its last part, one of iterations when they are done', () => {
  const timed = open({ durationMs: 60_000, fromPerSec: 2, toPerSec: 2 });
  const counted = part({ kind: 'iterations', count: 5 }, null);
  expect(plannedEndOf([timed], 9)).toMatchObject({ lengthMs: 61_000, iterations: null });
  expect(plannedEndOf([counted, counted], 9)).toMatchObject({ lengthMs: null, iterations: 10, maxMs: 90 });
  expect(plannedEndOf([counted, timed], 9)).toBeNull();
});

describe('the last arrivals of an open load begin before its end by', () => {
  test.each([
    ['one second at a steady 2/s', { durationMs: 60_000, fromPerSec: 2, toPerSec: 2 }, 1000],
    ['everything, where fewer come', { durationMs: 5000, fromPerSec: 0.1, toPerSec: 0.1 }, 5000],
    ['everything, where none come', { durationMs: 5000, fromPerSec: 0, toPerSec: 0 }, 5000],
    ['a quarter, where 32 thin out to none', { durationMs: 64_000, fromPerSec: 1, toPerSec: 0 }, 16_000],
  ])('%s', (_title, stage, slackMs) => {
    expect(plannedEndOf([open(stage)], 1)?.slackMs).toBeCloseTo(slackMs, 6);
  });
});
