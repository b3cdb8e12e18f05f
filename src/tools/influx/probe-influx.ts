import { InfluxError, pingInflux, queryInflux, queryPromql, writeInflux } from './influx-client.ts';
import type { InfluxTarget } from './influx-target.ts';

/** How points can be counted; `none`: not at all, and why. */
export type InfluxDialect = { kind: 'influxql' } | { kind: 'promql' } | { kind: 'none'; reason: string };

/** What a server that takes points turned out to be. */
export type InfluxServer = {
  /** As it says in `/ping`; null when it does not. VictoriaMetrics says 1.8.0. */
  version: string | null;
  dialect: InfluxDialect;
};

const PROBE = 'k6_llm_probe';
/** VictoriaMetrics shows a new series after ten seconds when it was asked for before (measured, 1.136). */
const SHOWN_WITHIN_MS = 20_000;
const POLL_MS = 500;

/**
 * Writes one point of its own and looks for it again, so that neither the right to write nor the way to count is
 * concluded from a version: VictoriaMetrics calls itself InfluxDB 1.8.0 and answers every InfluxQL query alike, and a
 * token of InfluxDB 2 may write and not read.
 *
 * @param testid marks the point, as it marks the run's.
 * @throws InfluxError when the server cannot be reached, or takes no point.
 */
export async function probeInflux(target: InfluxTarget, testid: string): Promise<InfluxServer> {
  const version = await pingInflux(target);
  await createDatabase(target);
  await writeInflux(target, `${PROBE},testid=${testid} value=1 ${BigInt(Date.now()) * 1_000_000n}`);
  return { version, dialect: await findDialect(target, testid) };
}

/** As k6's output does when it starts: 1.x takes no point before. Servers that have no such statement refuse it. */
async function createDatabase(target: InfluxTarget): Promise<void> {
  try {
    await queryInflux(target, `CREATE DATABASE "${target.database}"`, 'POST');
  } catch (error) {
    if (!(error instanceof InfluxError)) throw error;
  }
}

async function findDialect(target: InfluxTarget, testid: string): Promise<InfluxDialect> {
  const found = await findByInfluxql(target, testid);
  if (found === true) return { kind: 'influxql' };
  if (await findByPromql(target, testid)) return { kind: 'promql' };
  const reason = found === false ? 'a test point that it took is in none of its answers' : found;
  return { kind: 'none', reason };
}

/** The server's own words when it refuses the question. */
async function findByInfluxql(target: InfluxTarget, testid: string): Promise<boolean | string> {
  try {
    const series = await queryInflux(
      target,
      `SELECT count("value") FROM "${PROBE}" WHERE "testid" = '${testid}'`,
    );
    // By name and number: VictoriaMetrics answers any question with a list of databases.
    return series.some(
      ({ name, columns, values }) => name === PROBE && Number(values[0]?.[columns.indexOf('count')]) > 0,
    );
  } catch (error) {
    if (!(error instanceof InfluxError)) throw error;
    return error.message;
  }
}

async function findByPromql(target: InfluxTarget, testid: string): Promise<boolean> {
  const query = `count_over_time(${PROBE}_value{testid="${testid}"}[5m])`;
  if (!(await speaksPromql(target))) return false;
  const until = Date.now() + SHOWN_WITHIN_MS;
  for (;;) {
    if (((await queryPromql(target, query)) ?? 0) > 0) return true;
    if (Date.now() > until) return false;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

async function speaksPromql(target: InfluxTarget): Promise<boolean> {
  try {
    return (await queryPromql(target, 'vector(1)')) === 1;
  } catch (error) {
    if (!(error instanceof InfluxError)) throw error;
    return false;
  }
}
