import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { METRIC_NAMES } from '../../src/lib/metrics/metric-list.ts';
import { checkInfluxAfter, checkInfluxBefore } from '../../src/tools/influx/check-influx.ts';
import { type InfluxSeries, queryInflux } from '../../src/tools/influx/influx-client.ts';
import type { K6Values } from '../../src/tools/stores/store.ts';
import { influxOutput } from '../../src/tools/influx/influx-output.ts';
import { type InfluxTarget, parseInfluxUrl } from '../../src/tools/influx/influx-target.ts';
import { readBoard } from '../dashboards/read-board.ts';
import { everyMetricScript, KINDS_SENT, MODELS } from './every-metric-script.ts';
import { expectValuesOfK6 } from './expect-values.ts';
import { hasInfluxd, type Influxd, INFLUXD_MISSING, startInfluxd } from './influxd.ts';
import { type K6Result, runK6 } from './k6-run.ts';
import { substitute } from './macros.ts';

const TESTID = '2026-11-25T10-00-00-every-metric';
const INTERVAL_MS = 2000;

const boardFile = path.join(import.meta.dirname, '../../dashboards/influxdb.json');
const board = readBoard(await readFile(boardFile, 'utf8'));
const present = await hasInfluxd();

test('a machine of CI has influxd', () => {
  if (!present) process.stderr.write(`\nNOT CHECKED: ${INFLUXD_MISSING}\n`);
  expect(present || process.env['CI'] !== 'true', INFLUXD_MISSING).toBe(true);
});

type Written = { target: InfluxTarget; run: K6Result; k6: K6Values; close: () => Promise<void> };

/** One real k6 run that writes every metric into a real InfluxDB. */
async function writeRun(influxd: Influxd): Promise<Written> {
  const folder = await mkdtemp(path.join(tmpdir(), 'every-metric-'));
  const server = createServer((request, response) => {
    response.writeHead(request.url === '/limited' ? 429 : 200).end('hello');
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const target = parseInfluxUrl(`${influxd.address}/loadtest`);
  const { args, env } = influxOutput(target, { testid: TESTID });
  const tag = ['--tag', `testid=${TESTID}`];
  const summaryFile = path.join(folder, 'summary.json');
  await writeFile(path.join(folder, 'script.js'), everyMetricScript());
  const run = await runK6([...args, ...tag, 'script.js'], {
    cwd: folder,
    // What the shell has must not win: with a precision of a second most points overwrite each other.
    env: {
      K6_INFLUXDB_TAGS_AS_FIELDS: 'model',
      ...env,
      SUMMARY_FILE: summaryFile,
      TARGET: `http://127.0.0.1:${port}`,
    },
  });
  const k6 = valuesOf(await readFile(summaryFile, 'utf8'));
  const close = async (): Promise<void> => {
    server.close();
    await rm(folder, { recursive: true, force: true });
  };
  return { target, run, k6, close };
}

function valuesOf(text: string): K6Values {
  const metrics: Record<string, { values: Record<string, number> }> = JSON.parse(text);
  return Object.fromEntries(Object.entries(metrics).map(([name, { values }]) => [name, values]));
}

describe.skipIf(!present)('a real InfluxDB, written by a real k6', () => {
  let influxd: Influxd;
  let written: Written;

  beforeAll(async () => {
    influxd = await startInfluxd();
    written = await writeRun(influxd);
  });

  afterAll(async () => {
    await written?.close();
    await influxd?.stop();
  });

  const ask = (query: string, choice: Record<string, string[]> = {}): Promise<InfluxSeries[]> => {
    const { fromMs, toMs } = written.run;
    return queryInflux(written.target, substitute(query, { fromMs, toMs, intervalMs: INTERVAL_MS }, choice));
  };

  const listed = async (name: string, choice: Record<string, string[]> = {}): Promise<unknown[]> => {
    const query = board.variables.find((each) => each.name === name)?.query ?? '';
    return (await ask(query, choice)).flatMap((series) => series.values.map((row) => row[1]));
  };

  test('k6 ran to its end and the server took every point', async () => {
    expect(written.run.output).not.toContain('level=error');
    expect(written.run.code).toBe(0);
    const server = await checkInfluxBefore(written.target, TESTID);
    expect(server).toMatchObject({ dialect: { kind: 'influxql' } });
    const report = await checkInfluxAfter(
      written.target,
      { kind: 'influxql' },
      { testid: TESTID, values: written.k6, sinceMs: 1 },
    );
    expect(report).toMatchObject({ state: 'complete', overwritten: 0 });
  });

  test('sums, counts and shares of every metric are those of k6 to the last bit but rounding', async () => {
    for (const metric of METRIC_NAMES) {
      const [series] = await ask(
        `SELECT sum("value"), mean("value"), max("value") FROM "${metric}" WHERE $timeFilter`,
      );
      const [, sum, mean, max] = (series?.values[0] ?? []).map(Number);
      const own = written.k6[metric] ?? {};
      if (own['count'] !== undefined && own['avg'] === undefined)
        expect(sum, metric).toBeCloseTo(own['count'] ?? -1, 8);
      if (own['avg'] !== undefined) expect(mean, metric).toBeCloseTo(own['avg'] ?? -1, 6);
      if (own['max'] !== undefined) expect(max, metric).toBe(own['max']);
      if (own['rate'] !== undefined && own['passes'] !== undefined)
        expect(mean, metric).toBeCloseTo(own['rate'] ?? -1, 9);
      expect(Object.keys(own).length, metric).toBeGreaterThan(0);
    }
  });

  test.each(board.dataPanels)('panel "$title" has data, and its values are those of k6', async (panel) => {
    for (const { query } of panel.targets) {
      for (const choice of [
        {},
        { testid: [TESTID], model: MODELS, provider: ['mock'], test_type: ['baseline'], kind: KINDS_SENT },
      ]) {
        expectValuesOfK6(query, {
          series: await ask(query, choice),
          k6: written.k6,
          intervalMs: INTERVAL_MS,
        });
      }
      expect(await ask(query, { testid: ['another-run'] }), query).toEqual([]);
    }
  });

  test('the panel of dollars per 1,000 requests divides the two sums at one time stamp', async () => {
    const panel = board.dataPanels.find((each) => each.title === 'Dollars per 1,000 requests');
    const [dividend, divisor] = await Promise.all((panel?.targets ?? []).map(({ query }) => ask(query)));
    expect(dividend?.[0]?.values[0]?.[0]).toBe(divisor?.[0]?.values[0]?.[0]);
    const { ai_cost_dollars: dollars, ai_requests_finished: requests } = written.k6;
    const expected = ((dollars?.['count'] ?? 0) / (requests?.['count'] ?? 1)) * 1000;
    expect(Number(dividend?.[0]?.values[0]?.[1]) / Number(divisor?.[0]?.values[0]?.[1])).toBeCloseTo(
      expected,
      6,
    );
  });

  test('the variables list what the run had, and narrow each other', async () => {
    expect(await listed('testid')).toEqual([TESTID]);
    expect(new Set(await listed('model', { testid: [TESTID] }))).toEqual(new Set(MODELS));
    expect(await listed('model', { testid: ['another-run'] })).toEqual([]);
    expect(await listed('provider', { model: [MODELS[0] ?? ''] })).toEqual(['mock']);
    expect(await listed('test_type', { provider: ['mock'] })).toEqual(['baseline']);
    expect(new Set(await listed('kind', { testid: [TESTID] }))).toEqual(new Set(KINDS_SENT));
  });

  test('a kind that is chosen is alone, errors included, whose own kind is that of the failure', async () => {
    for (const metric of ['ai_requests_finished', 'ai_errors'] as const) {
      const panels = board.dataPanels.flatMap(({ targets }) => targets.map(({ query }) => query));
      const query = panels.find((each) =>
        each.includes(`SELECT sum("value") * 1000 / $__interval_ms FROM "${metric}"`),
      );
      const sumOf = async (choice: Record<string, string[]>): Promise<number> =>
        (await ask(query ?? '', choice))
          .flatMap(({ values }) => values.map((row) => Number(row[1] ?? 0)))
          .reduce((total, value) => total + value, 0);
      const parts = await Promise.all(KINDS_SENT.map((kind) => sumOf({ kind: [kind] })));
      for (const part of parts) expect(part).toBeGreaterThan(0);
      expect(parts.reduce((total, part) => total + part, 0)).toBeCloseTo(await sumOf({}), 6);
    }
  });
});
