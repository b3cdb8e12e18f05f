import { METRIC_NAMES } from '../../lib/metrics/metric-list.ts';
import { queryInflux, queryPromql } from './influx-client.ts';
import type { InfluxTarget } from './influx-target.ts';
import type { InfluxDialect } from './probe-influx.ts';

/** Points of one run, by metric. */
export type PointCounts = ReadonlyMap<string, number>;

/** The run whose points are counted. */
export type CountedRun = {
  testid: string;
  metrics: readonly string[];
  /** How far back its first point lies. */
  sinceMs: number;
};

/** Counts a run's points in the dialect that the server has. Throws InfluxError. */
export async function countPoints(
  target: InfluxTarget,
  dialect: Exclude<InfluxDialect, { kind: 'none' }>,
  run: CountedRun,
): Promise<PointCounts> {
  return dialect.kind === 'influxql' ? countByInfluxql(target, run.testid) : countByPromql(target, run);
}

async function countByInfluxql(target: InfluxTarget, testid: string): Promise<PointCounts> {
  const measurements = METRIC_NAMES.map((name) => `"${name}"`).join(', ');
  const series = await queryInflux(
    target,
    `SELECT count("value") FROM ${measurements} WHERE "testid" = '${testid}'`,
  );
  return new Map(
    series.map(({ name, columns, values }) => [name, Number(values[0]?.[columns.indexOf('count')] ?? 0)]),
  );
}

/** VictoriaMetrics calls the field `value` of the measurement `ai_latency_ms` `ai_latency_ms_value`. */
async function countByPromql(
  target: InfluxTarget,
  { testid, metrics, sinceMs }: CountedRun,
): Promise<PointCounts> {
  const window = `${Math.ceil(sinceMs / 1000)}s`;
  const counts = new Map<string, number>();
  for (const metric of metrics) {
    const query = `sum(count_over_time(${metric}_value{testid="${testid}"}[${window}]))`;
    counts.set(metric, (await queryPromql(target, query)) ?? 0);
  }
  return counts;
}
