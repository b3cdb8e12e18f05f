import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Summary } from '../../src/lib/summary/summary.ts';
import { type InfluxSeries, queryInflux } from '../../src/tools/influx/influx-client.ts';
import { type InfluxTarget, parseInfluxUrl } from '../../src/tools/influx/influx-target.ts';
import { type Mock, startMock } from '../../src/tools/mock/server/start-mock.ts';
import { readBoard } from '../dashboards/read-board.ts';
import { type CliResult, runCli } from '../support/cli.ts';
import { expectValuesOfK6 } from './expect-values.ts';
import { hasInfluxd, type Influxd, startInfluxd } from './influxd.ts';
import { substitute } from './macros.ts';

const INTERVAL_MS = 5000;
const board = readBoard(
  await readFile(path.join(import.meta.dirname, '../../dashboards/influxdb.json'), 'utf8'),
);

/**
 * What the run below cannot have: it sends chats, no sessions, inputs or steps of its own; nothing of it is unpriced, reported by a relay, or left uncounted, and the
 * meter opens its connections before the load. The mock's metrics page tells of no cache.
 */
const SILENT = [
  'ai_reasoning_tokens',
  'ai_reported_cost_dollars',
  'ai_reported_ms',
  'ai_usage_missing',
  'ai_unpriced',
  'ai_samples_rejected',
  'ai_unknown_finish',
  'ai_invalid_output',
  'ai_aborted',
  'ai_sessions',
  'ai_session_ms',
  'ai_inputs',
  'ai_input_tokens_per_sec',
  'ai_step_ms',
  'ai_warnings',
  'ai_connect_ms',
  'ai_server_kv_cache_ratio',
  'dropped_iterations',
];

/** k6's percentile: between the two nearest samples, by distance. */
function interpolated(sorted: readonly number[], share: number): number {
  const position = (sorted.length - 1) * share;
  const [low, high] = [sorted[Math.floor(position)], sorted[Math.ceil(position)]];
  return (low ?? Number.NaN) + ((high ?? Number.NaN) - (low ?? Number.NaN)) * (position % 1);
}

/** Judged apart, with the samples at hand. */
function isOverallPercentile(query: string): boolean {
  return query.includes('percentile(') && !query.includes('GROUP BY');
}

describe.skipIf(!(await hasInfluxd()))(
  'a streamed stress run of the launcher, with errors, 429 and retries',
  () => {
    let influxd: Influxd;
    let mock: Mock;
    let folder: string;
    let target: InfluxTarget;
    let result: CliResult;
    let summary: Summary;
    let fromMs: number;

    beforeAll(async () => {
      [influxd, mock] = await Promise.all([
        startInfluxd(),
        startMock({
          timing: { ttft: '200', tpot: '10', tokens: '16' },
          promptCache: true,
          rateLimit: { requestsPerMinute: 1200, burstRequests: 40 },
        }),
      ]);
      folder = await mkdtemp(path.join(tmpdir(), 'influx-run-'));
      target = parseInfluxUrl(`${influxd.address}/k6`);
      fromMs = Date.now();
      result = await runCli(
        ['run', 'stress', '--stream', '--influxdb', `${influxd.address}/k6`, '--', '--quiet'],
        {
          cwd: folder,
          env: {
            LLM_BASE_URL: mock.url,
            LLM_RESULTS_DIR: path.join(folder, 'out'),
            LLM_RATE: '60',
            LLM_TIME_SCALE: '0.02',
            LLM_ARRIVALS: 'poisson',
            LLM_RETRIES: '1',
            LLM_EXPECTED_LATENCY: '3s',
            LLM_METRICS_URL: new URL('/metrics', mock.url).href,
          },
        },
      );
      const text = await readFile(path.join(folder, 'out', 'summary.json'), 'utf8').catch(() => 'null');
      summary = JSON.parse(text);
    });

    afterAll(async () => {
      await Promise.all([mock?.close(), influxd?.stop(), rm(folder, { recursive: true, force: true })]);
    });

    const ask = (query: string): Promise<InfluxSeries[]> =>
      queryInflux(target, substitute(query, { fromMs, toMs: Date.now(), intervalMs: INTERVAL_MS }));

    const valueOf = async (what: string, from: string): Promise<number> => {
      const [series] = await ask(`SELECT ${what} FROM "${from}" WHERE $timeFilter`);
      return Number(series?.values[0]?.[1]);
    };

    test('ran, and InfluxDB holds every point', () => {
      expect(result.stderr).toMatch(/InfluxDB \S+ holds all \d+ points/);
      expect([0, 99]).toContain(result.code);
      expect(summary.totals.requestsFinished).toBeGreaterThan(100);
      expect(summary.totals.rateLimited).toBeGreaterThan(0);
    });

    test('dollars, tokens and requests of InfluxDB are those of summary.json', async () => {
      const { costUsd, outputTokens, inputTokens, requestsFinished } = summary.totals;
      expect(await valueOf('sum("value")', 'ai_cost_dollars')).toBeCloseTo(costUsd ?? -1, 9);
      expect(await valueOf('sum("value")', 'ai_output_tokens')).toBe(outputTokens);
      expect(await valueOf('sum("value")', 'ai_input_tokens')).toBe(inputTokens);
      expect(await valueOf('sum("value")', 'ai_requests_finished')).toBe(requestsFinished);
    });

    /** A metric's samples as InfluxDB has them, sorted. */
    const samplesOf = async (metric: string): Promise<number[]> => {
      const [series] = await ask(`SELECT "value" FROM "${metric}" WHERE $timeFilter`);
      return (series?.values ?? []).map((row) => Number(row[1])).sort((a, b) => a - b);
    };

    test.each(['ai_latency_ms', 'ai_ttft_ms'])(
      'p95 of %s: what InfluxDB holds gives that of summary.json',
      async (metric) => {
        const samples = await samplesOf(metric);
        const p95 = summary.metrics[metric]?.['p(95)'] ?? Number.NaN;
        expect(Math.abs(interpolated(samples, 0.95) / p95 - 1)).toBeLessThan(1e-9);
        // InfluxQL takes the nearest sample and k6 interpolates: on either side of it, with few samples.
        const found = await valueOf('percentile("value", 95)', metric);
        const rank = Math.floor((samples.length - 1) * 0.95);
        expect(found).toBeGreaterThanOrEqual(samples[rank - 1] ?? Number.NaN);
        expect(found).toBeLessThanOrEqual(samples[rank + 1] ?? Number.NaN);
      },
    );

    test.each(board.dataPanels)('panel "$title" has data, and its values are those of k6', async (panel) => {
      for (const { query } of panel.targets) {
        const metric = /FROM "(\w+)"/.exec(query)?.[1] ?? '';
        if (SILENT.includes(metric) || isOverallPercentile(query)) continue;
        expectValuesOfK6(query, { series: await ask(query), k6: summary.metrics, intervalMs: INTERVAL_MS });
      }
    });
  },
);
