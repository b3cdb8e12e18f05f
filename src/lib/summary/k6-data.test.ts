import { expect, test } from 'vitest';
import { countOf, finiteOrNull, readK6Data, valueOf } from './k6-data.ts';

const valuesOf = (values: unknown) => readK6Data({ metrics: { m: { values } } }).metrics['m'];

test('metrics and thresholds come in the order of their names, whatever k6’s is', () => {
  const metric = {
    values: { max: 2, avg: 1 },
    thresholds: { 'max<3': { ok: true }, 'avg<1': { ok: false } },
  };
  const data = readK6Data({ metrics: { b: metric, c: metric, a: metric } });
  expect(Object.keys(data.metrics)).toEqual(['a', 'b', 'c']);
  expect(Object.keys(data.metrics['a'] ?? {})).toEqual(['avg', 'max']);
  expect(data.thresholds.slice(0, 3)).toEqual([
    { metric: 'a', expression: 'avg<1', ok: false },
    { metric: 'a', expression: 'max<3', ok: true },
    { metric: 'b', expression: 'avg<1', ok: false },
  ]);
});

test('a threshold holds only where k6 says so', () => {
  const thresholds = { a: { ok: true }, b: { ok: 'true' }, c: null, d: {} };
  const data = readK6Data({ metrics: { m: { values: {}, thresholds } } });
  expect(data.thresholds.map(({ ok }) => ok)).toEqual([true, false, false, false]);
});

test('what only ends a run at a step is left to the step’s own', () => {
  const metric = { values: { rate: 1, passes: 1, fails: 0 }, thresholds: { 'rate<0.1': { ok: false } } };
  const data = readK6Data({
    metrics: { 'error_rate{step:01}': metric, 'error_rate{step:01,start:1s}': metric },
  });
  expect(Object.keys(data.metrics)).toEqual(['error_rate{step:01}']);
  expect(data.thresholds).toHaveLength(1);
});

test.each<[string, Record<string, unknown>, Record<string, unknown>]>([
  ['a Trend', { avg: 1, count: 2 }, { avg: 1, count: 2 }],
  ['a Trend without samples', { avg: 0, med: 0, count: 0 }, { avg: null, med: null, count: 0 }],
  ['a Counter of none', { count: 0, rate: 0 }, { count: 0, rate: 0 }],
  ['a Trend without samples or count', { avg: 0, 'p(95)': 0 }, { avg: null, 'p(95)': null }],
  ['a Trend without count', { avg: 0, 'p(95)': 3 }, { avg: 0, 'p(95)': 3 }],
  ['a Gauge at 0', { value: 0, min: 0, max: 0 }, { value: 0, min: 0, max: 0 }],
  ['a Rate of none', { rate: 0, passes: 0, fails: 0, min: 0 }, { rate: 0, passes: 0, fails: 0, min: 0 }],
  ['no figure that is known', { p95: 0, xmax: 0 }, { p95: 0, xmax: 0 }],
  ['figures that are none', { avg: '1', max: Infinity, count: 3 }, { avg: null, max: null, count: 3 }],
])('the values of %s', (_, values, expected) => {
  expect(valuesOf(values)).toEqual(expected);
});

test('the rest of what k6 hands over', () => {
  expect(readK6Data({ metrics: {}, state: { testRunDurationMs: 5 }, setup_data: { a: 1 } })).toEqual({
    metrics: {},
    thresholds: [],
    runDurationMs: 5,
    setupData: { a: 1 },
    isLegacyShape: true,
  });
  const nothing = {
    metrics: {},
    thresholds: [],
    runDurationMs: null,
    setupData: null,
    isLegacyShape: false,
  };
  expect(readK6Data(null)).toEqual(nothing);
  expect(readK6Data({ metrics: [], state: 5, setup_data: 'x' })).toEqual(nothing);
  expect(readK6Data({ metrics: { a: null } })).toEqual({ ...nothing, isLegacyShape: true });
});

test('values by name, and none of a name that every object has', () => {
  const data = readK6Data({ metrics: { a: { values: { count: 3 } }, b: { values: { rate: 1 } } } });
  expect([valueOf(data, 'a', 'count'), valueOf(data, 'a', 'rate')]).toEqual([3, null]);
  expect([valueOf(data, 'x', 'count'), valueOf(data, 'constructor', 'name')]).toEqual([null, null]);
  expect([countOf(data, 'a'), countOf(data, 'b'), countOf(data, 'x')]).toEqual([3, 0, 0]);
  expect([1, 0, -1, Infinity, Number.NaN, '1', null].map(finiteOrNull)).toEqual([
    1,
    0,
    -1,
    ...Array.from({ length: 4 }, () => null),
  ]);
});
