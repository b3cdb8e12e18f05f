import { expect, test } from 'vitest';
import { judgedThresholds, unguarded } from './judged-thresholds.ts';
import { readK6Data } from './k6-data.ts';

const EMPTY_TREND = { avg: 0, min: 0, med: 0, max: 0, 'p(90)': 0, 'p(95)': 0, count: 0 };

const judged = (type: string, values: object, ok: boolean, isWholeRun: boolean) =>
  judgedThresholds(readK6Data({ metrics: { m: { type, values, thresholds: { x: { ok } } } } }), isWholeRun)[0]
    ?.ok;

// k6 passes what got no sample; what it failed, a guard, stays failed.
test('a count of none in a step is met where the step was reached', () => {
  const errors = { type: 'counter', values: { count: 0, rate: 0 }, thresholds: { 'count<1': { ok: true } } };
  const metrics = {
    'ai_errors{step:01}': errors,
    'ai_errors{model:m,step:12}': errors,
    'ai_requests_started{step:01}': { type: 'counter', values: { count: 4, rate: 1 } },
  };
  expect(judgedThresholds(readK6Data({ metrics }), false).map(({ metric, ok }) => [metric, ok])).toEqual([
    ['ai_errors{model:m,step:12}', null],
    ['ai_errors{step:01}', true],
  ]);
});

test.each<[string, string, object, boolean, boolean | null, boolean | null]>([
  ['a Trend of nothing', 'trend', EMPTY_TREND, true, null, null],
  ['its guard', 'trend', EMPTY_TREND, false, false, false],
  ['a Trend', 'trend', { ...EMPTY_TREND, count: 1 }, true, true, true],
  ['a Rate of nothing', 'rate', { rate: 0, passes: 0, fails: 0 }, true, null, null],
  ['a Rate', 'rate', { rate: 0, passes: 0, fails: 1 }, true, true, true],
  ['a Rate of hits', 'rate', { rate: 1, passes: 1, fails: 0 }, true, true, true],
  ['a count of none', 'counter', { count: 0, rate: 0 }, true, true, null],
  ['what is known by its verdict alone', 'counter', {}, true, true, true],
  ['a count', 'counter', { count: 2, rate: 1 }, true, true, true],
  ['a count that broke', 'counter', { count: 0, rate: 0 }, false, false, false],
  ['a Gauge', 'gauge', { value: 1, min: 1, max: 1 }, true, true, true],
])('%s', (_, type, values, ok, whole, stopped) => {
  expect(judged(type, values, ok, true)).toBe(whole);
  expect(judged(type, values, ok, false)).toBe(stopped);
});

// What judged nothing, and what else is judged of the same metric.
test.each<[string, [metric: string, expression: string, ok: boolean | null][], string[]]>([
  ["a Rate of one's own", [['orders', 'rate>0.9', null]], ['orders']],
  ['a part of it', [['orders{kind:a}', 'rate<0.1', null]], ['orders{kind:a}']],
  ['one that got samples', [['orders', 'rate<0.1', true]], []],
  [
    'one that may get none',
    [
      ['orders', 'rate<0.1', null],
      ['orders', 'rate >= 0', null],
    ],
    [],
  ],
  [
    'a Trend whose guard fails',
    [
      ['mine', 'p(95)<9', null],
      ['mine', 'max>0', false],
    ],
    [],
  ],
  [
    'a Trend that may get none',
    [
      ['mine', 'p(95)<9', null],
      ['mine', 'max>=0', null],
    ],
    [],
  ],
  ['a check by its name', [['checks{check:typo}', 'rate>0.9', null]], ['checks{check:typo}']],
  ['all checks, of which a scenario may have none', [['checks', 'rate>0.9', null]], []],
  ['what has a Counter for its guard', [['ai_connect_ms', 'p(95)<9', null]], []],
  ['a step that was not reached', [['orders{step:03}', 'rate<0.1', null]], []],
])('nothing else guards %s', (_, thresholds, found) => {
  const results = thresholds.map(([metric, expression, ok]) => ({ metric, expression, ok }));
  expect(unguarded(results).map(({ metric }) => metric)).toEqual(found);
});
