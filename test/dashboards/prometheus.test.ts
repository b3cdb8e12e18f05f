import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { TREND_STATS } from '../../src/tools/dashboards/promql.ts';
import { everyMetricScript } from '../influxdb/every-metric-script.ts';
import { type K6Result, runK6 } from '../influxdb/k6-run.ts';
import { at, listAt } from '../read-yaml.ts';
import { hasPrometheus, type Prometheus, PROMETHEUS_MISSING, startPrometheus } from './prometheus.ts';
import { readBoard } from './read-board.ts';

const TESTID = 'every-metric';
const board = readBoard(
  await readFile(path.join(import.meta.dirname, '../../dashboards/prometheus.json'), 'utf8'),
);
const present = await hasPrometheus();
if (!present) process.stderr.write(`\nNOT CHECKED: ${PROMETHEUS_MISSING}\n`);

/** The figures of the verdict row, as k6's own summary has them. */
const FIGURES: [string, (k6: Record<string, Record<string, number>>) => number | undefined][] = [
  ['Latency p95', (k6) => k6['ai_latency_ms']?.['p(95)']],
  ['TTFT p95', (k6) => k6['ai_ttft_ms']?.['p(95)']],
  ['Goodput', (k6) => k6['ai_goodput']?.['rate']],
  ['Requests', (k6) => k6['ai_requests_finished']?.['count']],
  ['Dollars so far', (k6) => k6['ai_cost_dollars']?.['count']],
];

describe.skipIf(!present)('a real Prometheus, written by a real k6', () => {
  let prometheus: Prometheus;
  let target: Server;
  let folder: string;
  let run: K6Result;
  let k6: Record<string, Record<string, number>>;

  beforeAll(async () => {
    prometheus = await startPrometheus();
    folder = await mkdtemp(path.join(tmpdir(), 'prometheus-run-'));
    target = createServer((request, response) => {
      response.writeHead(request.url === '/limited' ? 429 : 200).end('hello');
    });
    await new Promise<void>((resolve) => void target.listen(0, '127.0.0.1', resolve));
    const address = target.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    // One model: k6's percentiles of several series cannot be merged, and the board shows the largest.
    await writeFile(
      path.join(folder, 'script.js'),
      everyMetricScript({ models: ['gpt-4.1'], kinds: ['chat'] }),
    );
    run = await runK6(['--out', 'experimental-prometheus-rw', '--tag', `testid=${TESTID}`, 'script.js'], {
      cwd: folder,
      env: {
        K6_PROMETHEUS_RW_SERVER_URL: `${prometheus.address}/api/v1/write`,
        K6_PROMETHEUS_RW_TREND_STATS: TREND_STATS,
        K6_PROMETHEUS_RW_PUSH_INTERVAL: '1s',
        SUMMARY_FILE: path.join(folder, 'summary.json'),
        TARGET: `http://127.0.0.1:${port}`,
      },
    });
    const metrics: Record<string, { values: Record<string, number> }> = JSON.parse(
      await readFile(path.join(folder, 'summary.json'), 'utf8'),
    );
    k6 = Object.fromEntries(Object.entries(metrics).map(([name, { values }]) => [name, values]));
  });

  afterAll(async () => {
    target?.close();
    await prometheus?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  /** The values that a query gives over the run, in steps of a second. */
  async function ask(query: string, testid: string): Promise<number[]> {
    const parameters = new URLSearchParams({
      query: substitute(query, testid),
      start: `${run.fromMs / 1000}`,
      end: `${run.toMs / 1000 + 1}`, // so that a step comes after the last write
      step: '1',
    });
    const response = await fetch(`${prometheus.address}/api/v1/query_range?${parameters}`);
    const body: unknown = await response.json();
    expect(at(body)['status'], `${query}: ${JSON.stringify(body)}`).toBe('success');
    return listAt(body, 'data', 'result').flatMap((series) =>
      listAt(series, 'values').map((pair) => Number(Array.isArray(pair) ? pair[1] : Number.NaN)),
    );
  }

  test('k6 wrote to it', () => {
    expect(run.output).not.toContain('level=error');
    expect(run.code).toBe(0);
  });

  test.each(board.dataPanels)('panel "$title" has data, and none for another run', async ({ targets }) => {
    for (const { query } of targets) {
      const values = await ask(query, TESTID);
      expect(values.filter(Number.isFinite).length, query).toBeGreaterThan(0);
      expect(await ask(query, 'another-run'), query).toEqual([]);
    }
  });

  test.each(FIGURES)('%s is that of k6', async (title, expected) => {
    const panel = board.dataPanels.find((each) => each.title === title);
    const last = (await ask(panel?.targets[0]?.query ?? '', TESTID)).at(-1) ?? Number.NaN;
    const own = expected(k6) ?? Number.NaN;
    expect(Math.abs(last / own - 1)).toBeLessThan(0.01);
  });
});

function substitute(query: string, testid: string): string {
  return query
    .replaceAll('$__rate_interval', '4s')
    .replaceAll('$__range', '60s')
    .replaceAll('$testid', testid)
    .replaceAll(/"\$(model|provider|test_type|kind)"/g, '".*"');
}
