import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { quantile, sortSamples } from '../../src/lib/numbers/quantiles.ts';
import { parseSample } from '../../src/lib/samples/parse-sample.ts';
import type { Summary } from '../../src/lib/summary/summary.ts';
import { parseFaultRule } from '../../src/tools/mock/faults/draw-faults.ts';
import { findK6 } from '../../src/tools/k6/find-k6.ts';
import { runCli } from '../support/cli.ts';
import { openMock } from '../support/mock.ts';
import { folderOfTest } from '../support/temporary-folder.ts';

const { path: K6_BIN } = await findK6(() => {});

async function summaryIn(...names: string[]): Promise<Summary> {
  return JSON.parse(await readFile(path.join(...names, 'summary.json'), 'utf8'));
}

/** Latencies and lags of all parts, from their samples. */
async function samplesOf(folder: string, shards: number) {
  const texts = await Promise.all(
    Array.from({ length: shards }, (_, shard) =>
      readFile(path.join(folder, `shard-${shard}`, 'samples.jsonl'), 'utf8'),
    ),
  );
  return texts.flatMap((text) => text.split('\n').flatMap((line) => parseSample(line) ?? []));
}

test.each([2, 3, 7])(
  'a schedule in %i parts: each request sent once, percentiles and totals those of all samples',
  async (shards) => {
    const mock = await openMock({ timing: { ttft: 'lognormal:30:0.5', tpot: '0', tokens: '3' } });
    const cwd = folderOfTest('parts');
    const env = {
      K6_BIN,
      LLM_BASE_URL: mock.url,
      LLM_MIX: 'gpt-4.1=1,m=1',
      LLM_ARRIVALS: 'poisson',
      LLM_EXPECTED_LATENCY: '1s',
      LLM_RATE: '50',
      LLM_TIME_SCALE: '0.01',
      LLM_RESULTS_DIR: 'out',
      LLM_THRESHOLDS: path.join(cwd, 'any.json'),
    };
    await writeFile(
      env.LLM_THRESHOLDS,
      JSON.stringify({
        name: 'any',
        thresholds: { ai_latency_ms: ['p(95)>0'], http_req_duration: ['p(97)>0'] },
      }),
    );
    const args = ['run', 'spike', '--shards', String(shards), '--', '--quiet'];
    const { code, stderr } = await runCli(args, { cwd, env });
    const whole = await summaryIn(cwd, 'out');
    // How a busy machine keeps to a schedule is not what this is about.
    const others = whole.thresholds.filter(({ metric }) => !/dropped|delivered/.test(metric));
    expect(
      others.map(({ ok }) => ok),
      stderr,
    ).toEqual(others.map(() => true));
    expect(code).toBe(whole.slo.state === 'pass' ? 0 : 99);
    const parts = await Promise.all(
      Array.from({ length: shards }, (_, shard) => summaryIn(cwd, 'out', `shard-${shard}`)),
    );
    for (const { slo, thresholds } of parts) {
      expect(slo.state).toBe('not-judged');
      expect(thresholds.every(({ ok }) => ok === null)).toBe(true);
    }
    const { totals } = whole;
    const truth = mock.truth();
    expect(totals.requestsStarted).toBe((whole.load.offered ?? 0) - (totals.droppedIterations ?? 0));
    expect(totals.requestsFinished + (totals.preflight?.requests ?? 0)).toBe(truth.requests.started);
    expect(totals.outputTokens + (totals.preflight?.outputTokens ?? 0)).toBe(truth.totals.outputTokens);
    const samples = await samplesOf(path.join(cwd, 'out'), shards);
    const raw = sortSamples(samples.flatMap(({ latencyMs }) => latencyMs ?? []));
    expect(raw.ascending).toHaveLength(totals.succeeded);
    for (const [stat, q] of [
      ['med', 0.5],
      ['p(95)', 0.95],
      ['p(99)', 0.99],
    ] as const) {
      const merged = whole.metrics['ai_latency_ms']?.[stat] ?? Number.NaN;
      expect(Math.abs(merged / (quantile(raw, q) ?? Number.NaN) - 1), stat).toBeLessThan(0.005);
    }
  },
  120_000,
);

test('a part without one success ends with 0; the whole is judged, and ends with 99 where it fails', async () => {
  const mock = await openMock({ faults: [parseFaultRule('server_500=1')] });
  const cwd = folderOfTest('parts');
  const env = {
    K6_BIN,
    LLM_BASE_URL: mock.url,
    LLM_MIX: 'm',
    LLM_PREFLIGHT: '0',
    LLM_RESULTS_DIR: 'out',
    LLM_THINK_TIME: '0s',
    LLM_TIME_SCALE: '0.002',
    LLM_VUS: '2',
  };
  const { code } = await runCli(['run', 'baseline', '--shards', '2', '--', '--quiet'], { cwd, env });
  expect(code).toBe(99);
  const whole = await summaryIn(cwd, 'out');
  expect(whole.slo.state).toBe('fail');
  expect(whole.notes.join()).toContain('the 2 k6 processes ended with 0, 0;');
});
