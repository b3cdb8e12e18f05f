import { describe, expect, test } from 'vitest';
import type { MetricType } from '../metrics/metric-list.ts';
import { checkExpression } from './check-expression.ts';
import type { Expression } from './expression.ts';

describe('checkExpression', () => {
  test.each<[string, MetricType, Expression]>([
    ['p(95)<5000', 'trend', { statistic: { kind: 'percentile', percent: 95 }, comparison: '<', limit: 5000 }],
    ['med>.5', 'trend', { statistic: { kind: 'med' }, comparison: '>', limit: 0.5 }],
    ['max<inf', 'trend', { statistic: { kind: 'max' }, comparison: '<', limit: Infinity }],
    [' rate<0.05 ', 'rate', { statistic: { kind: 'rate' }, comparison: '<', limit: 0.05 }],
    ['rate>=1', 'rate', { statistic: { kind: 'rate' }, comparison: '>=', limit: 1 }],
    ['count>0', 'counter', { statistic: { kind: 'count' }, comparison: '>', limit: 0 }],
    ['rate>100', 'counter', { statistic: { kind: 'rate' }, comparison: '>', limit: 100 }],
    ['value!=-1', 'gauge', { statistic: { kind: 'value' }, comparison: '!=', limit: -1 }],
  ])('%s on a %s', (text, type, expression) => {
    expect(checkExpression(text, type)).toEqual({ kind: 'ok', expression });
  });

  // What a person writes, for which metric type, and what the message offers instead.
  test.each<[string, MetricType, string]>([
    ['p95<5000', 'trend', 'p(95)<5000'],
    ['P(95)<5000', 'trend', 'p(95)<5000'],
    ['p 99 <= 800', 'trend', 'p(99)<=800'],
    ['p( 95 )<5', 'trend', 'p(95)<5'],
    ['p( 99.9 ) < 5e+2', 'trend', 'p(99.9)<500'],
    ['p(101)<5', 'trend', 'p(95)<5'],
    ['p(-1)<5', 'trend', 'p(95)<5'],
    ['p(95)<NaN', 'trend', 'p(95)<5000'],
    ['rate<inf', 'rate', 'rate<0.05'],
    ['<5000', 'trend', 'p(95)<5000'],
    ['<0.05', 'rate', 'rate<0.05'],
    ['>0', 'counter', 'count>0'],
    ['5000', 'trend', 'p(95)<5000'],
    ['', 'trend', 'p(95)<5000'],
    ['p(95)', 'trend', 'p(95)<5000'],
    ['p(95)<', 'trend', 'p(95)<5000'],
    ['avg=5', 'trend', 'avg==5'],
    ['avg<5s', 'trend', 'avg<5000'],
    ['p(95)<800ms', 'trend', 'p(95)<800'],
    ['mean<5', 'trend', 'avg<5'],
    ['AVG<5', 'trend', 'avg<5'],
    ['count<5', 'trend', 'p(95)<5'],
    ['rate<5', 'trend', 'p(95)<5'],
    ['value<5', 'counter', 'count<10'],
    ['p(95)<5', 'counter', 'count<10'],
    ['count>0', 'rate', 'rate<0.05'],
    ['max<5', 'gauge', 'value<5'],
    ['rate<5%', 'rate', 'rate<0.05'],
    ['rate<5', 'rate', 'rate<0.05'],
    ['rate>-1', 'rate', 'rate<0.05'],
    ['avg<1.2.3', 'trend', 'p(95)<5000'],
    ['avg<5 && avg>1', 'trend', 'p(95)<5000'],
    ['avg<1e308s', 'trend', 'p(95)<5000'],
    ['xp(90)<5', 'trend', 'p(95)<5'],
    ['xp90<5', 'trend', 'p(95)<5'],
    ['p90x<5', 'trend', 'p(95)<5'],
  ])('%j on a %s: write %s', (text, type, example) => {
    expect(checkExpression(text, type)).toMatchObject({ kind: 'wrong', example });
  });

  test.each<[string, RegExp]>([
    [' <5000', /^an aggregation before/],
    ['p (95)<5', /without spaces/],
    ['xp( 95 )<5', /^aggregation, comparison, number: a Trend takes avg/],
    ['p(P)<5', /^aggregation, comparison, number/],
    ['med<5% or so', /^aggregation, comparison, number/],
  ])('%j: %s', (text, expected) => {
    expect(checkExpression(text, 'trend')).toMatchObject({ expected: expect.stringMatching(expected) });
  });

  test('what it offers is itself right', () => {
    for (const type of ['trend', 'rate', 'counter', 'gauge'] as const) {
      for (const text of [
        'p95<50',
        '<0.5',
        'mean<1',
        'count<1',
        'value<1',
        'rate<500',
        'x',
        'avg=1',
        'rate<5%',
      ]) {
        const reading = checkExpression(text, type);
        const offered = reading.kind === 'wrong' ? reading.example : text;
        expect(checkExpression(offered, type), `${text} on a ${type}`).toMatchObject({ kind: 'ok' });
      }
    }
  });
});
