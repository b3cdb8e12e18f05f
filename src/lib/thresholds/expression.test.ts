import { describe, expect, test } from 'vitest';
import type { MetricType } from '../metrics/metric-list.ts';
import { readExpression } from './expression.ts';

describe('readExpression', () => {
  test.each<[string, MetricType, string, string, number]>([
    ['p(95)<5000', 'trend', 'p(95)', '<', 5000],
    [' p(99.9) <= 5e3 ', 'trend', 'p(99.9)', '<=', 5000],
    ['med>.5', 'trend', 'med', '>', 0.5],
    ['max>0', 'trend', 'max', '>', 0],
    ['avg===5.', 'trend', 'avg', '===', 5],
    ['rate<0.05', 'rate', 'rate', '<', 0.05],
    ['rate>=1', 'rate', 'rate', '>=', 1],
    ['count>0', 'counter', 'count', '>', 0],
    ['rate>100', 'counter', 'rate', '>', 100],
    ['value!=-1', 'gauge', 'value', '!=', -1],
  ])('%s on a %s', (text, type, aggregation, comparison, limit) => {
    expect(readExpression(text, type)).toEqual({
      kind: 'ok',
      expression: { aggregation, comparison, limit },
    });
  });

  // What a person writes, for which metric type, and what the message offers instead.
  test.each<[string, MetricType, string]>([
    ['p95<5000', 'trend', 'p(95)<5000'],
    ['P(95)<5000', 'trend', 'p(95)<5000'],
    ['p 99 <= 800', 'trend', 'p(99)<=800'],
    ['p(101)<5', 'trend', 'p(95)<5'],
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
  ])('%j on a %s: write %s', (text, type, example) => {
    expect(readExpression(text, type)).toMatchObject({ kind: 'wrong', example });
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
        const reading = readExpression(text, type);
        const offered = reading.kind === 'wrong' ? reading.example : text;
        expect(readExpression(offered, type), `${text} on a ${type}`).toMatchObject({ kind: 'ok' });
      }
    }
  });
});
