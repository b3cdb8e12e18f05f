import { METRIC_NAMES, METRIC_SPECS, type MetricName } from '../../lib/metrics/metric-list.ts';
import { EXIT_OUTPUT_LOST, type K6Values } from '../stores/store.ts';
import { countPoints, type PointCounts } from './count-points.ts';
import { InfluxError } from './influx-client.ts';
import { displayInflux, type InfluxTarget } from './influx-target.ts';
import { type InfluxDialect, type InfluxServer, probeInflux } from './probe-influx.ts';

/** Points of one metric, as k6 counted them and as the server has them. */
export type PointCount = { metric: MetricName; written: number; found: number };

export type InfluxReport =
  /** `overwritten`: points that met another with the same tags in the same nanosecond (docs/grafana.md). */
  | { state: 'complete'; points: number; overwritten: number }
  | { state: 'lost'; points: number; metrics: readonly PointCount[] }
  | { state: 'unreachable'; reason: string }
  /** Nothing was counted: the server gives no answer that tells points from none. */
  | { state: 'unchecked'; reason: string };

/**
 * Missing points up to this share are taken for overwritten ones: InfluxDB keeps one of two points with the
 * same tags and time stamp. Measured: 0 to 3 of 100,000 at 17,000 samples/s of one metric and model, which is
 * more than a run makes (bench/influxdb-overwrites.mjs). A flush that failed loses a second of everything,
 * which is more than this share in any run short of 80 minutes.
 */
const OVERWRITTEN_RATIO = 0.0002;

/**
 * Before the run: does the server answer, take points, and show them again? The run should not start without the
 * first two, since its dollars would leave no trace in the dashboards.
 *
 * @returns the server, or what to say.
 */
export async function checkInfluxBefore(
  target: InfluxTarget,
  testid: string,
): Promise<InfluxServer | { problem: string }> {
  const where = displayInflux(target);
  try {
    return await probeInflux(target, testid);
  } catch (error) {
    if (!(error instanceof InfluxError)) throw error;
    const problem = `InfluxDB at ${where} cannot be used: ${error.message}. Nothing was sent. Start it, mend the address, the database or the password (InfluxDB 2 and 3: the token), or run without --influxdb`;
    return { problem };
  }
}

/** What a person should know of the server before the run; null when there is nothing. */
export function describeInfluxServer({ dialect }: InfluxServer, target: InfluxTarget): string | null {
  if (dialect.kind !== 'none') return null;
  return `InfluxDB ${displayInflux(target)} takes points, but they cannot be counted afterwards: ${dialect.reason}`;
}

/** The run that the server is asked for, and what k6 counted of it. */
export type WrittenRun = { testid: string; values: K6Values; sinceMs: number };

/** A store that shows points late is asked again this often, with a second in between. */
const LATE_TRIES = 20;
const LATE_MS = 1000;

/** After the run: does the server hold as many points of each of our metrics as k6 counted? */
export async function checkInfluxAfter(
  target: InfluxTarget,
  dialect: InfluxDialect,
  { testid, values, sinceMs }: WrittenRun,
): Promise<InfluxReport> {
  if (dialect.kind === 'none') return { state: 'unchecked', reason: dialect.reason };
  const expected = pointsWritten(values);
  const metrics = expected.map(({ metric }) => metric);
  try {
    for (let tries = 1; ; tries++) {
      const found = await countPoints(target, dialect, { testid, metrics, sinceMs });
      const report = judge(expected, found);
      const mayBeLate = report.state === 'lost' && dialect.kind === 'promql';
      if (!mayBeLate || tries === LATE_TRIES) return report;
      await new Promise((resolve) => setTimeout(resolve, LATE_MS));
    }
  } catch (error) {
    if (!(error instanceof InfluxError)) throw error;
    return { state: 'unreachable', reason: error.message };
  }
}

function judge(
  expected: readonly { metric: MetricName; written: number }[],
  found: PointCounts,
): InfluxReport {
  const counts = expected.map(({ metric, written }) => ({ metric, written, found: found.get(metric) ?? 0 }));
  const lost = counts.filter(({ written, found }) => written - found > written * OVERWRITTEN_RATIO);
  const points = counts.reduce((sum, { found }) => sum + found, 0);
  if (lost.length > 0) return { state: 'lost', points, metrics: lost };
  const overwritten = counts.reduce((sum, { written, found }) => sum + Math.max(0, written - found), 0);
  return { state: 'complete', points, overwritten };
}

/** The report for people, a line each, loud unless complete. */
export function describeInfluxReport(report: InfluxReport, target: InfluxTarget): string[] {
  const where = displayInflux(target);
  switch (report.state) {
    case 'complete':
      return report.overwritten === 0
        ? [`InfluxDB ${where} holds all ${report.points} points that were checked.`]
        : [
            `InfluxDB ${where} holds ${report.points} points; ${report.overwritten} met another of the same nanosecond.`,
          ];
    case 'lost':
      return [
        `INFLUXDB LOST POINTS: ${where} does not hold everything that k6 measured, so its dashboards are wrong.`,
        ...report.metrics.map(
          ({ metric, written, found }) => `  ${metric}: ${found} of ${written}, ${written - found} missing`,
        ),
        '  The summary and summary.json are complete: they do not come from InfluxDB.',
      ];
    case 'unreachable':
      return [
        `INFLUXDB IS GONE: ${where} did not answer after the run (${report.reason}), so points were lost.`,
        '  The summary and summary.json are complete: they do not come from InfluxDB.',
      ];
    case 'unchecked':
      return [
        `InfluxDB ${where} took what was sent; its points were not counted (${report.reason}), so nothing here says that all arrived.`,
      ];
  }
}

/** k6's code if it tells of a failure, else `EXIT_OUTPUT_LOST` when points are known to be missing. */
export function exitCodeWithInflux(k6ExitCode: number, report: InfluxReport): number {
  const lost = report.state === 'lost' || report.state === 'unreachable';
  return k6ExitCode === 0 && lost ? EXIT_OUTPUT_LOST : k6ExitCode;
}

/**
 * How many points k6 wrote of each metric whose summary tells: one a sample. A Trend has `count` (asked for
 * in summaryTrendStats), a Rate its passes and fails. A Counter's points cannot be told from its sum, unless
 * each is 1: requests.
 */
function pointsWritten(values: K6Values): { metric: MetricName; written: number }[] {
  return METRIC_NAMES.flatMap((metric) => {
    const own = values[metric];
    if (own === undefined) return [];
    const written = pointsOf(metric, own);
    return written === null || written === 0 ? [] : [{ metric, written }];
  });
}

function pointsOf(metric: MetricName, own: Readonly<Record<string, number | null>>): number | null {
  const { type, unit } = METRIC_SPECS[metric];
  switch (type) {
    case 'trend':
      return own['count'] ?? null;
    case 'rate': {
      const { passes, fails } = own;
      return passes === undefined || fails === undefined ? null : (passes ?? 0) + (fails ?? 0);
    }
    case 'counter':
      return unit === 'requests' ? (own['count'] ?? null) : null;
    case 'gauge':
      return null;
  }
}
