import { expect } from 'vitest';
import type { K6Values } from '../../src/tools/stores/store.ts';
import type { InfluxSeries } from '../../src/tools/influx/influx-client.ts';

/** What must hold of any panel's answer, by the form of its query. */
export function expectValuesOfK6(
  query: string,
  { series, k6, intervalMs }: { series: InfluxSeries[]; k6: K6Values; intervalMs: number },
): void {
  const metric = /FROM "(\w+)"/.exec(query)?.[1] ?? '';
  const own = k6[metric] ?? {};
  const values = series
    .flatMap((each) => each.values.map((row) => row[1]))
    .filter((value) => value !== null)
    .map(Number);
  const sum = values.reduce((total, value) => total + value, 0);
  expect(values.length, query).toBeGreaterThan(0);
  const within = (low: number | null | undefined, high: number | null | undefined): void => {
    for (const value of values) {
      expect(value, query).toBeGreaterThanOrEqual(low ?? Number.NaN);
      expect(value, query).toBeLessThanOrEqual(high ?? Number.NaN);
    }
  };
  const overWholeRange = !query.includes('GROUP BY');
  const percent = /percentile\("value", (\d+)\)/.exec(query)?.[1];
  if (percent !== undefined && overWholeRange) {
    const expected = own[`p(${percent})`] ?? Number.NaN;
    within(expected * 0.99, expected * 1.01);
  } else if (percent !== undefined) within(own['min'], own['max']);
  else if (query.includes('cumulative_sum'))
    expect(Math.max(...values), query).toBeCloseTo(own['count'] ?? -1, 6);
  else if (query.includes('sum("value") * 1000 / '))
    expect((sum * intervalMs) / 1000, query).toBeCloseTo(own['count'] ?? -1, 6);
  else if (query.includes('sum("value") * 60000 / '))
    expect((sum * intervalMs) / 60_000, query).toBeCloseTo(own['count'] ?? -1, 6);
  else if (query.includes('sum("value") * 1000 FROM'))
    expect(sum / 1000, query).toBeCloseTo(own['count'] ?? -1, 6);
  else if (query.includes('sum("value") FROM')) expect(sum, query).toBeCloseTo(own['count'] ?? -1, 6);
  else if (query.includes('mean("value")') && overWholeRange)
    expect(values[0], query).toBeCloseTo(own['rate'] ?? -1, 9);
  else if (query.includes('mean("value")')) within(0, 1);
  else if (query.includes('max("value")')) within(own['min'], own['max']);
  else throw new Error(`no expectation for ${query}`);
}
