import { describe, expect, onTestFinished, test } from 'vitest';
import type { Mock } from '../../src/tools/mock/server/start-mock.ts';
import { runBundle, truthUsd } from '../support/bundle-run.ts';
import { type RunningCli, startCli } from '../support/cli.ts';
import { openMock } from '../support/mock.ts';
import { folderOfTest } from '../support/temporary-folder.ts';

const KEY = 'sk-s3cret-0123456789';

/** Slow enough that tokens arrive one by one. */
const SEEN = { ttft: '50', tpot: '20', tokens: '8' } as const;

const FAST = {
  LLM_STREAM: '1',
  LLM_PROVIDER: 'mock',
  LLM_VUS: '10',
  LLM_TIME_SCALE: '0.006',
  LLM_THINK_TIME: '0s',
  LLM_TIMEOUT: '5s',
  LLM_EXPECTED_LATENCY: '500ms',
  LLM_MAX_TOKENS: '16',
};

/** The built `k6-llm meter` in front of a mock, ended after the test. */
async function openMeter(mock: Mock): Promise<RunningCli & { url: string; figures: () => Promise<unknown> }> {
  const cwd = folderOfTest('meter');
  const args = ['meter', '--port', '0', '--target', mock.url, '--connections', '10'];
  const meter = startCli(args, { cwd, env: { LLM_API_KEY: KEY } });
  onTestFinished(() => void meter.child.kill('SIGKILL'));
  await expect.poll(meter.output).toMatch(/^http:\/\/127\.0\.0\.1:\d+\n/);
  const url = meter.output().trim();
  return { ...meter, url, figures: async () => (await fetch(`${url}/__meter`)).json() };
}

describe('k6 alone, with a meter beside it', () => {
  test('counts what the server counted, sees tokens arrive, and needs no key', async () => {
    const mock = await openMock({ apiKey: KEY, timing: SEEN });
    const meter = await openMeter(mock);
    const { code, output, summary } = await runBundle('baseline', {
      ...FAST,
      LLM_METER_URL: meter.url,
      LLM_BASE_URL: mock.url,
      LLM_THRESHOLDS: 'ci',
    });
    expect(output).not.toMatch(/Uncaught|TypeError|GoError|level=error/);
    expect(code).toBe(0);
    const { totals, metrics, transport } = summary!;
    const { preflight } = totals;
    const truth = mock.truth().totals;
    expect(transport).toBe('meter');
    expect(totals.requestsStarted).toBe(totals.requestsFinished);
    expect(totals.succeeded).toBeGreaterThan(20);
    expect(totals.succeeded + preflight!.requests).toBe(truth.requests);
    expect(totals.inputTokens + preflight!.inputTokens).toBe(truth.inputTokens);
    expect(totals.outputTokens + preflight!.outputTokens).toBe(truth.outputTokens);
    expect(Math.abs(totals.costUsd! + preflight!.costUsd! - truthUsd(mock))).toBeLessThan(1e-9);
    expect(metrics['ai_meter_overhead_ms']?.['count']).toBe(totals.succeeded);
    // On a busy machine a few streams come all at once, and then they have neither.
    for (const name of ['ai_ttft_ms', 'ai_tpot_ms']) {
      expect(metrics[name]?.['count'], name).toBeGreaterThan(totals.succeeded / 2);
    }
    expect(await meter.figures()).toMatchObject({
      inFlight: 0,
      errors: {},
      outputTokens: truth.outputTokens,
    });
    meter.child.kill('SIGTERM');
    expect(await meter.ended).toMatchObject({ code: 0, stderr: '' });
    expect(meter.output() + output + JSON.stringify(summary)).not.toContain(KEY);
  });

  test('counts every broken stream as what it was, hides dead connections, and hangs on none', async () => {
    const faults = [
      { name: 'reset', param: -1, ratio: 0.2, model: null },
      { name: 'cut', param: -1, ratio: 0.2, model: null },
      { name: 'truncated_chunk', param: 0, ratio: 0.1, model: null },
      { name: 'silent_close', param: 0, ratio: 0.2, model: null },
    ] as const;
    const mock = await openMock({ faults, slots: Number.POSITIVE_INFINITY });
    const meter = await openMeter(mock);
    const { code, output, summary } = await runBundle('baseline', {
      ...FAST,
      LLM_PREFLIGHT: '0',
      LLM_METER_URL: meter.url,
      LLM_BASE_URL: mock.url,
    });
    expect(output).not.toMatch(/Uncaught|TypeError|GoError/);
    expect(code).toBe(99);
    const { totals } = summary!;
    const truth = mock.truth();
    expect(totals).toMatchObject({ requestsStarted: totals.requestsFinished, cutShort: 0 });
    expect(totals.requestsFinished).toBe(truth.requests.started);
    expect(totals.errors).toEqual(truth.errors);
    expect(totals.errors.truncated).toBeGreaterThan(totals.requestsFinished * 0.3);
    expect(truth.droppedConnections).toBeGreaterThan(0);
    expect(await meter.figures()).toMatchObject({
      inFlight: 0,
      retriedConnections: truth.droppedConnections,
    });
  });

  test('stops when the meter dies, instead of failing each request that was left', async () => {
    const mock = await openMock();
    const meter = await openMeter(mock);
    const env = { ...FAST, LLM_TIME_SCALE: '0.1', LLM_METER_URL: meter.url, LLM_BASE_URL: mock.url };
    const run = runBundle('baseline', env);
    await expect.poll(() => mock.truth().totals.requests).toBeGreaterThan(20);
    meter.child.kill('SIGKILL');
    const { code, output, summary } = await run;
    expect(code).toBe(108);
    expect(output).toContain(`the stream meter at ${meter.url} gives no answer any more`);
    const { totals } = summary!;
    expect(Object.keys(totals.errors)).toEqual(['network']);
    expect(totals.errors.network).toBeLessThanOrEqual(2 * Number(FAST.LLM_VUS));
    expect(totals.succeeded).toBeGreaterThan(0);
  });
});
