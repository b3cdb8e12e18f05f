import { expect, test } from 'vitest';
import type { PlannedStep } from '../plan/planned-steps.ts';
import { readK6Data } from './k6-data.ts';
import { madeCounter, madeTrend } from './made-data.ts';
import { isOfStep, stepsOf } from './step-evidence.ts';

/** Steps of 10 s at 10, 20, … a second. */
function planned(count: number): PlannedStep[] {
  return Array.from({ length: count }, (_, index) => ({
    name: `0${index + 1}`,
    ratePerSec: 10 * (index + 1),
    startMs: index * 10_000,
    durationMs: 10_000,
  }));
}

/** The steps of a run by how many requests each started, and what their thresholds said. */
function stepsWhere({
  started,
  verdicts = started.map(() => true),
  durationMs = null as number | null,
}: {
  started: readonly number[];
  verdicts?: readonly (boolean | null)[];
  durationMs?: number | null;
}) {
  const counters = started.map((count, index) => [
    `ai_requests_started{step:0${index + 1}}`,
    madeCounter(count),
  ]);
  const thresholds = verdicts.map((ok, index) => ({
    metric: `ai_latency_ms{model:m,step:0${index + 1}}`,
    expression: 'p(95)<5',
    ok,
  }));
  const data = readK6Data({ metrics: Object.fromEntries(counters) });
  return stepsOf(data, planned(started.length), { thresholds, durationMs }) ?? [];
}

const told = (steps: ReturnType<typeof stepsWhere>) =>
  steps.map(({ reached, ok, achievedPerSec }) => [reached, ok, achievedPerSec]);

test('a load without steps has none', () => {
  expect(stepsOf(readK6Data({}), [], { thresholds: [], durationMs: null })).toBeNull();
});

test('each step is told by its own samples', () => {
  const rate = { type: 'rate', values: { rate: 0.25, passes: 1, fails: 3 } };
  const data = readK6Data({
    metrics: {
      'ai_requests_started{step:01}': madeCounter(100),
      'ai_latency_ms{step:01}': madeTrend(30),
      'ai_ttft_ms{step:01}': madeTrend(20),
      'error_rate{step:01}': rate,
      'ai_goodput{step:01}': { ...rate, values: { rate: 0.5, passes: 2, fails: 2 } },
    },
  });
  expect(stepsOf(data, planned(1), { thresholds: [], durationMs: null })).toMatchObject([
    {
      ratePerSec: 10,
      reached: 'whole',
      achievedPerSec: 10,
      latencyMs: { count: 9, p95: 30 },
      ttftMs: { count: 9, p95: 20 },
      errorRatio: 0.25,
      goodputRatio: 0.5,
      ok: null,
    },
  ]);
});

test('held where it was offered whole and nothing broke, broken where something did', () => {
  expect(told(stepsWhere({ started: [100, 200, 300], verdicts: [true, false, null] }))).toEqual([
    ['whole', true, 10],
    ['whole', false, 20],
    ['whole', null, 30],
  ]);
});

test('one verdict that broke outweighs those that held', () => {
  const thresholds = [true, false, null].map((ok) => ({
    metric: 'ai_latency_ms{step:01}',
    expression: 'x',
    ok,
  }));
  const data = readK6Data({ metrics: { 'ai_requests_started{step:01}': madeCounter(100) } });
  expect(stepsOf(data, planned(1), { thresholds, durationMs: null })?.[0]?.ok).toBe(false);
});

test('nobody knows whether a step held that was not offered: 95 of 100 less those of a second and two', () => {
  // 0.95 × 10/s × 9 s = 85.5, so 84 of a plan of 100 are enough with the two that k6 rounds away, and 83 are not.
  expect(told(stepsWhere({ started: [84] }))).toEqual([['whole', true, 8.4]]);
  expect(told(stepsWhere({ started: [83] }))).toEqual([['whole', null, 8.3]]);
  expect(told(stepsWhere({ started: [83], verdicts: [false] }))).toEqual([['whole', false, 8.3]]);
});

test('a step without requests was not reached, whatever its thresholds say of nothing', () => {
  expect(told(stepsWhere({ started: [0], verdicts: [false] }))).toEqual([['none', null, null]]);
});

test('a step counts as whole when the load lasted to the last tenth of it', () => {
  expect(told(stepsWhere({ started: [100, 200], durationMs: 19_000 }))).toEqual([
    ['whole', true, 10],
    ['whole', true, 20],
  ]);
  expect(told(stepsWhere({ started: [100, 100], durationMs: 18_000 }))).toEqual([
    ['whole', true, 10],
    ['part', null, 12.5],
  ]);
});

test('a step in which the run ended has no pace without time', () => {
  expect(told(stepsWhere({ started: [100, 1], durationMs: 10_000 }))[1]).toEqual(['part', null, null]);
  expect(told(stepsWhere({ started: [100, 1], durationMs: 5000 }))[1]).toEqual(['part', null, null]);
});

test('a step that was cut short broke, unless another had broken before it', () => {
  const cut = { started: [100, 100], durationMs: 15_000 };
  expect(told(stepsWhere({ ...cut, verdicts: [true, false] }))[1]).toEqual(['part', false, 20]);
  expect(told(stepsWhere({ ...cut, verdicts: [false, false] }))[1]).toEqual(['part', null, 20]);
});

test.each([
  ['a{step:01}', null, true],
  ['a{step:01}', '01', true],
  ['a{model:m,step:01,start:1s}', '01', true],
  ['a{step:011}', '01', false],
  ['a{laststep:01}', '01', false],
  ['a{model:m}', null, false],
])('%s is of step %s: %s', (metric, step, expected) => {
  expect(isOfStep(metric, step)).toBe(expected);
});
