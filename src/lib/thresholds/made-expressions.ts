import type { ComparisonSign, Expression } from './expression.ts';
import type { Statistic } from './statistic.ts';

// For tests: what k6 takes and what it refuses. test/k6/thresholds.test.ts holds both lists to a real k6.

function made(statistic: Statistic, comparison: ComparisonSign, limit: number): Expression {
  return { statistic, comparison, limit };
}

function p(percent: number, limit = 5): Expression {
  return made({ kind: 'percentile', percent }, '<', limit);
}

/** Expressions that k6 takes on a Trend, and what they say. */
export const TAKEN_BY_K6: readonly [string, Expression][] = [
  ['p(95)<5', p(95)],
  [' p(95) < 5 ', p(95)],
  ['p(95)\t<\n5', p(95)],
  ['p(99.99)<5', p(99.99)],
  ['p(095)<5', p(95)],
  ['p(.5)<5', p(0.5)],
  ['p(5.)<5', p(5)],
  ['p(+95)<5', p(95)],
  ['p(1e1)<5', p(10)],
  ['p(9_5)<5', p(95)],
  ['p(0)<5', p(0)],
  ['p(100)<5', p(100)],
  ['p(95)<5e3', p(95, 5000)],
  ['p(95)<5e+3', p(95, 5000)],
  ['p(95)<5E3', p(95, 5000)],
  ['p(95)<5e-1', p(95, 0.5)],
  ['p(95)<+5', p(95)],
  ['p(95)<-5', p(95, -5)],
  ['p(95)<.5', p(95, 0.5)],
  ['p(95)<5.', p(95)],
  ['p(95)<007', p(95, 7)],
  ['p(95)<1_000', p(95, 1000)],
  ['p(95)<inf', p(95, Infinity)],
  ['p(95)<-Infinity', p(95, -Infinity)],
  ['p(95)<NaN', p(95, NaN)],
  ['avg>5', made({ kind: 'avg' }, '>', 5)],
  ['min>=5', made({ kind: 'min' }, '>=', 5)],
  ['med<=5', made({ kind: 'med' }, '<=', 5)],
  ['max==5', made({ kind: 'max' }, '==', 5)],
  ['max===5', made({ kind: 'max' }, '===', 5)],
  ['max!=5', made({ kind: 'max' }, '!=', 5)],
];

/** Texts that k6 refuses on any metric. */
export const REFUSED_BY_K6: readonly string[] = [
  '',
  '5',
  'p(95)',
  'p(95)<',
  '<5',
  'p95<5',
  'P(95)<5',
  'AVG<5',
  'mean<5',
  '(avg)<5',
  'p( 95 )<5',
  'p(95 )<5',
  'p (95)<5',
  'p()<5',
  'p(x)<5',
  'p(95)=5',
  'p(95)!==5',
  'p(95)<>5',
  'p(95)<<5',
  'p(95)<5ms',
  'p(95)<5%',
  'p(95)<1,5',
  'p(95)<1.2.3',
  'p(95)<- 5',
  'p(95)<--5',
  'p(95)<5e',
  'p(95)<5e 3',
  'p(95)<_5',
  'p(95)<1__0',
  'p(95)<0x10',
  'p(95)<5;',
  'avg<5 && avg>1',
];
