import { describe, expect, test } from 'vitest';
import { parseExpression } from '../../../lib/thresholds/expression.ts';
import type { MetricType } from '../../../lib/metrics/metric-list.ts';
import { Figures, NOWHERE } from './figures.ts';
import { thresholdCell, thresholdValue } from './threshold-value.ts';

const PLACE = { ...NOWHERE, model: 'm', scenario: 's' };

const VALUES: readonly [string, MetricType, readonly number[]][] = [
  ['trend', 'trend', [100, 200, 300]],
  ['rate', 'rate', [0, 0, 0, 1]],
  ['counter', 'counter', [2, 3, 5]],
  ['gauge', 'gauge', [7, 9, 8]],
];

const figures = new Figures();
for (const [name, type, values] of VALUES) {
  for (const value of values) figures.add({ name, type, value, offsetMs: 1, place: PLACE });
}

function valueOf(metric: string, expression: string): number | null {
  const cell = thresholdCell(figures, metric);
  const parsed = parseExpression(expression);
  return cell === null || parsed === null ? null : thresholdValue(cell, parsed, 5000);
}

describe('the value that a threshold speaks of', () => {
  test.each<[string, string, number]>([
    ['trend', 'avg<1', 200],
    ['trend', 'min<1', 100],
    ['trend', 'med<1', 200],
    ['trend', 'p(50)<5e+3', 200],
    ['trend', 'p(+1e2)<1', 300],
    ['trend', 'max<1', 300],
    ['trend', 'count<1', 3],
    ['trend{model:m}', 'count>0', 3],
    ['trend{test_type:s}', 'count>0', 3],
    ['rate', 'rate<1', 0.25],
    ['counter', 'count>0', 10],
    ['gauge', 'value>0', 9],
  ])('%s %s: %d', (metric, expression, value) => {
    // Histograms have bins of a thousandth.
    expect((valueOf(metric, expression) ?? NaN) / value).toBeCloseTo(1, 2);
  });

  test("a Counter's rate is per second, not the share of anything", () => {
    expect(valueOf('counter', 'rate>1')).toBe(2);
    const cell = thresholdCell(figures, 'counter')!;
    expect(thresholdValue(cell, parseExpression('rate>1')!, null)).toBeNull();
    expect(thresholdValue(cell, parseExpression('rate>1')!, 0)).toBeNull();
  });

  test.each([
    ['trend', 'rate<1'],
    ['trend', 'value<1'],
    ['trend', 'p(101)<1'],
    ['trend', 'p(-1)<1'],
    ['trend', 'p(NaN)<1'],
    ['rate', 'count<1'],
    ['counter', 'avg<1'],
    ['gauge', 'count<1'],
    ['trend{model:other}', 'count>0'],
    ['trend{colour:red}', 'count>0'],
    ['http_reqs', 'count>0'],
  ])('%s has no %s', (metric, expression) => {
    expect(valueOf(metric, expression)).toBeNull();
  });
});
