import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { findK6 } from '../../src/tools/k6/find-k6.ts';
import { FAULT_NAMES, FAULT_SPECS } from '../../src/tools/mock/faults/faults.ts';
import type { FaultName } from '../../src/tools/mock/faults/faults.ts';
import { PROJECT_ROOT } from '../../src/tools/project-root.ts';
import { runK6 } from '../influxdb/k6-run.ts';
import { runBundle, scriptErrors, truthUsd } from '../support/bundle-run.ts';
import { openMock } from '../support/mock.ts';
import { folderOfTest } from '../support/temporary-folder.ts';

const run = promisify(execFile);

/** Many requests in a few seconds. */
const FAST = {
  LLM_THINK_TIME: '0s',
  LLM_TIMEOUT: '10s',
  LLM_MAX_TOKENS: '16',
};

describe('a bundle with k6 alone', () => {
  test.each([
    ['smoke', {}],
    ['baseline', { LLM_VUS: '8', LLM_TIME_SCALE: '0.006' }],
    ['spike', { LLM_RATE: '50', LLM_TIME_SCALE: '0.008' }],
    ['stress', { LLM_RATE: '80', LLM_TIME_SCALE: '0.006' }],
    ['soak', { LLM_RATE: '60', LLM_TIME_SCALE: '0.0008' }],
    ['mixed', { LLM_VUS: '10', LLM_TIME_SCALE: '0.03' }],
  ])(
    '%s counts what the server counted, to the last token and a billionth of a dollar',
    async (scenario, env) => {
      const mock = await openMock();
      const { code, output, summary } = await runBundle(scenario, {
        ...FAST,
        ...env,
        LLM_PROVIDER: 'mock',
        LLM_BASE_URL: mock.url,
      });
      expect(scriptErrors(output)).toEqual([]);
      expect(code).toBe(0);
      const { totals: truth } = mock.truth();
      const { totals } = summary!;
      const { preflight } = totals;
      expect(totals.requestsStarted).toBe(totals.requestsFinished);
      expect(totals.requestsFinished + preflight!.requests).toBe(truth.requests);
      // One that a busy machine breaks has no counts: then nothing was lost, and this says so.
      expect(totals).toMatchObject({ failed: 0, errors: {}, usageMissing: 0 });
      expect(totals.inputTokens + preflight!.inputTokens).toBe(truth.inputTokens);
      expect(totals.outputTokens + preflight!.outputTokens).toBe(truth.outputTokens);
      expect(Math.abs(totals.costUsd! + preflight!.costUsd! - truthUsd(mock))).toBeLessThan(1e-9);
      for (const [model, block] of Object.entries(summary!.models)) {
        expect(block.outputTokens + block.preflight!.outputTokens, model).toBe(
          mock.truth().models[model]?.outputTokens ?? 0,
        );
      }
      expect(summary!.slo.state).toBe('pass');
      expect(summary!.metrics['ai_latency_ms']?.['count']).toBe(totals.succeeded);
    },
  );

  test('suite runs its three parts one after the other, told apart', async () => {
    const mock = await openMock();
    const env = {
      ...FAST,
      LLM_TIMEOUT: '1s',
      LLM_VUS: '5',
      LLM_RATE: '200',
      LLM_TIME_SCALE: '0.003',
      LLM_THRESHOLDS: 'ci',
    };
    const { code, summary } = await runBundle('suite', {
      ...env,
      LLM_PROVIDER: 'mock',
      LLM_BASE_URL: mock.url,
      LLM_MIX: 'gpt-4.1',
    });
    expect(code).toBe(0);
    const { testTypes, totals } = summary!;
    expect(Object.keys(testTypes)).toEqual(['baseline', 'spike', 'stress']);
    const parts = Object.values(testTypes).map(({ requestsFinished }) => requestsFinished);
    expect(Math.min(...parts)).toBeGreaterThan(0);
    expect(parts.reduce((sum, count) => sum + count, 0)).toBe(totals.requestsFinished);
    expect(totals.requestsStarted).toBe(totals.requestsFinished);
    expect(totals.requestsFinished + totals.preflight!.requests).toBe(mock.truth().totals.requests);
    expect(totals.outputTokens + totals.preflight!.outputTokens).toBe(mock.truth().totals.outputTokens);
    expect(Math.abs(totals.costUsd! + totals.preflight!.costUsd! - truthUsd(mock))).toBeLessThan(1e-9);
  });

  test('with nothing set aims at the mock, and stops at once where none answers, saying how to go on', async () => {
    // No address is reachable, whatever else runs on this machine.
    const { code, output, summary } = await runBundle('smoke', { OPENAI_API_KEY: 'sk-never-asked-for' }, [
      '--blacklist-ip',
      '0.0.0.0/0',
    ]);
    expect(code).toBe(108);
    expect(output).toMatch(
      /nothing answers at http:\/\/127\.0\.0\.1:8787\/v1.*npx k6-llm mock.*LLM_BASE_URL=/s,
    );
    expect(output).not.toContain('sk-never-asked-for');
    expect(summary!.totals.requestsStarted).toBe(0);
    expect(summary!.trust.state).toBe('nothing-measured');
  });

  test('without its setup runs all the same', async () => {
    const mock = await openMock();
    const { code, output, summary } = await runBundle('smoke', { LLM_BASE_URL: mock.url, LLM_MIX: 'm' }, [
      '--no-setup',
    ]);
    expect(scriptErrors(output)).toEqual([]);
    expect(code).toBe(0);
    expect(summary!.totals).toMatchObject({ succeeded: 5, preflight: { requests: 0 } });
    expect(summary!.startedAt).toBeNull();
  });

  test('stops before any request on a wrong setting, and names it', async () => {
    const mock = await openMock();
    const { code, output } = await runBundle('smoke', { LLM_BASE_URL: mock.url, LLM_MIX: 'a=x' });
    expect(code).toBe(107);
    expect(output).toMatch(/LLM_MIX: got .*a=x.*expected .*write LLM_MIX=/);
    expect(mock.truth().totals.requests).toBe(0);
  });
});

describe('the mix', () => {
  test('comes out as weighted over any number of requests, and the same for the same seed', async () => {
    const sequence = async (seed: string) => {
      const mock = await openMock({
        timing: { ttft: '0', tpot: '0', tokens: '1' },
        slots: Number.POSITIVE_INFINITY,
        keepBodies: true,
      });
      const { summary } = await runBundle('baseline', {
        ...FAST,
        LLM_PROVIDER: 'mock',
        LLM_BASE_URL: mock.url,
        LLM_VUS: '1',
        LLM_TIME_SCALE: '0.005',
        LLM_THRESHOLDS: 'ci',
        LLM_SEED: seed,
        LLM_PREFLIGHT: '0',
      });
      // The last bodies that the mock keeps, by their place in the order of arrival.
      const bodies = new Map((mock.truth().bodies ?? []).map(({ id, body }) => [id, body]));
      const records = mock.truth().requestRecords ?? [];
      const order = records.map(({ model, messages }) => `${model} ${JSON.stringify(messages)}`);
      return { summary: summary!, bodies, order };
    };
    const [first, again, other] = [await sequence('7'), await sequence('7'), await sequence('8')];
    const { requestsFinished } = first.summary.totals;
    // Any stretch of n requests holds each model as often as its weight says, give or take 2 + log2(n).
    expect(requestsFinished).toBeGreaterThan(10);
    for (const [model, share] of [
      ['gpt-4.1', 0.7],
      ['claude-sonnet-4.5', 0.2],
      ['deepseek-v3.2', 0.1],
    ] as const) {
      const { requestsFinished: ofModel } = first.summary.models[model]!;
      expect(Math.abs(ofModel - share * requestsFinished)).toBeLessThan(3 + Math.log2(requestsFinished));
    }
    const length = Math.min(first.order.length, again.order.length, other.order.length);
    expect(first.order.slice(0, length)).toEqual(again.order.slice(0, length));
    expect(first.order.slice(0, length)).not.toEqual(other.order.slice(0, length));
    // Whole bodies, prompts included, of the requests that both mocks still hold.
    const shared = [...first.bodies.keys()].filter((id) => again.bodies.has(id));
    for (const id of shared) expect(again.bodies.get(id), `request ${id}`).toBe(first.bodies.get(id));
  });

  test('and the prompts are the same for the same seed, to the byte', async () => {
    const bodiesOf = async (seed: string): Promise<string[]> => {
      const mock = await openMock({ keepBodies: true });
      await runBundle('smoke', {
        ...FAST,
        LLM_PROVIDER: 'mock',
        LLM_BASE_URL: mock.url,
        LLM_SEED: seed,
        LLM_PREFLIGHT: '0',
      });
      return (mock.truth().bodies ?? []).map(({ body }) => body);
    };
    const first = await bodiesOf('7');
    expect(first).toHaveLength(5);
    expect(await bodiesOf('7')).toEqual(first);
    expect(await bodiesOf('8')).not.toEqual(first);
  });
});

/** Every fault that makes a failure of a blocking answer, but those that depend on the request. */
const BLOCKING_FAULTS: readonly FaultName[] = FAULT_NAMES.filter((name) => {
  const { blocking, group } = FAULT_SPECS[name];
  return blocking !== null && blocking !== 'ignored' && group !== 'refusal';
});

describe('a server that fails', () => {
  test('in every way, a fifth of the time: each request is counted once, as what it was', async () => {
    expect(BLOCKING_FAULTS.length).toBeGreaterThanOrEqual(17);
    const ratio = 0.2 / BLOCKING_FAULTS.length;
    const mock = await openMock({
      slots: Number.POSITIVE_INFINITY,
      faults: BLOCKING_FAULTS.map((name) => ({
        name,
        param: FAULT_SPECS[name].param?.default ?? 0,
        ratio,
        model: null,
      })),
    });
    const env = {
      ...FAST,
      LLM_VUS: '20',
      LLM_TIME_SCALE: '0.012',
      LLM_PREFLIGHT: '0',
      LLM_TIMEOUT: '1s',
      LLM_MIX: 'm',
    };
    const { code, output, summary } = await runBundle('baseline', { ...env, LLM_BASE_URL: mock.url });
    expect(scriptErrors(output)).toEqual([]);
    expect(code).toBe(99);
    const { totals, metrics } = summary!;
    expect(totals.requestsStarted).toBe(totals.requestsFinished);
    expect(totals.requestsFinished).toBeGreaterThan(BLOCKING_FAULTS.length);
    expect(totals.failed).toBe(Object.values(totals.errors).reduce((sum, count) => sum + count, 0));
    expect(totals.errors).toEqual(mock.truth().errors);
    // How many of them come depends on how many requests this machine makes in the time.
    expect(BLOCKING_FAULTS).toEqual(expect.arrayContaining(Object.keys(mock.truth().faults)));
    expect(Object.keys(mock.truth().faults).length).toBeGreaterThan(1);
    expect(metrics['ai_latency_ms']?.['count']).toBe(totals.succeeded);
    // A failure that came at once, or after the time-out, is in no latency.
    expect(metrics['ai_latency_ms']?.['max']).toBeLessThan(1000);
    expect(totals.rateLimited).toBe(totals.errors.rate_limited);
    for (const kind of Object.keys(totals.errors)) {
      // Each of the VUs tells the first of each kind.
      expect(output.split(`m failed, ${kind}: `).length - 1, kind).toBeLessThanOrEqual(20);
    }
  });

  test.each([
    ['at preflight', '1', 108, 0, /refused the key \(HTTP 401\); set LLM_API_KEY/],
    ['without preflight, at each request', '0', 99, 5, /m failed, auth: status 401/],
  ])(
    'by refusing the key %s: the run fails and says so',
    async (_where, preflight, expected, requests, words) => {
      const mock = await openMock({ apiKey: 'right' });
      const { code, output, summary } = await runBundle('smoke', {
        LLM_BASE_URL: mock.url,
        LLM_MIX: 'm',
        LLM_PREFLIGHT: preflight,
        LLM_API_KEY: 'sk-wr0ng',
      });
      expect(code).toBe(expected);
      expect(output).toMatch(words);
      expect(output).not.toContain('sk-wr0ng');
      expect(summary!.totals.requestsStarted).toBe(requests);
    },
  );

  test('always: it is never a pass, and no latency is told', async () => {
    const mock = await openMock({ faults: [{ name: 'server_500', param: 0, ratio: 1, model: null }] });
    const { code, output, summary } = await runBundle('smoke', {
      LLM_BASE_URL: mock.url,
      LLM_MIX: 'm',
      LLM_THRESHOLDS: 'batch',
    });
    expect(code).toBe(99);
    // Said once, with what the server says; the rest is counted.
    expect(output.match(/msg="m failed, server: status 500 .*the mock engine failed/g)).toHaveLength(1);
    expect(summary!).toMatchObject({
      slo: { state: 'fail' },
      trust: { state: 'nothing-measured' },
      totals: { succeeded: 0, errors: { server: 5 } },
    });
    expect(summary!.models['m']?.latencyMs).toMatchObject({ count: 0, p50: null, p99: null });
  });

  test('by being slower than the load: what was not offered is said, and fails', async () => {
    const mock = await openMock({ timing: { ttft: '1000', tpot: '0', tokens: '1' } });
    const env = {
      ...FAST,
      LLM_RATE: '10',
      LLM_TIME_SCALE: '0.0008',
      LLM_MAX_VUS: '2',
      LLM_MIX: 'm',
      LLM_PREFLIGHT: '0',
    };
    const { code, summary } = await runBundle('soak', { ...env, LLM_BASE_URL: mock.url });
    expect(code).toBe(99);
    expect(summary!.trust.state).toBe('underdelivered');
    expect(summary!.totals.droppedIterations).toBeGreaterThan(5);
    expect(summary!.load).toMatchObject({ vusAllocated: 2, vusNeeded: 11 });
    expect(summary!.slo.breached).toContain('dropped_iterations: count<1');
  });
});

describe('a refused parameter', () => {
  test.each<[FaultName, Record<string, string>, string]>([
    ['refuse_stream_options', { LLM_STREAM: '1', LLM_THRESHOLDS: 'ci' }, 'stream_options'],
    ['refuse_max_tokens', {}, 'max_completion_tokens'],
    ['refuse_temperature', {}, 'temperature'],
  ])('%s is found out before the load, once', async (name, env, word) => {
    const mock = await openMock({ faults: [{ name, param: 400, ratio: 1, model: null }], keepBodies: true });
    const { code, summary, output } = await runBundle('smoke', {
      ...env,
      LLM_BASE_URL: mock.url,
      LLM_MIX: 'm',
    });
    expect(output).toContain(word);
    expect(code).toBe(0);
    expect(summary!.totals).toMatchObject({ succeeded: 5, failed: 0, preflight: { requests: 2 } });
    expect(summary!.notes.join(' ')).toContain(word);
  });

  test('that the user set stops the run', async () => {
    const mock = await openMock({
      faults: [{ name: 'refuse_temperature', param: 400, ratio: 1, model: null }],
    });
    const { code, output } = await runBundle('smoke', {
      LLM_BASE_URL: mock.url,
      LLM_MIX: 'm',
      LLM_TEMPERATURE: '0',
    });
    expect(code).toBe(108);
    expect(output).toContain('LLM_TEMPERATURE');
  });
});

describe('archives and keys', () => {
  test('k6 inspect and k6 archive take every bundle, with no key and no network', async () => {
    const k6 = await findK6(() => {});
    const folder = folderOfTest('archive');
    const bundles = (await readdir(path.join(PROJECT_ROOT, 'dist'))).filter((name) => name.endsWith('.js'));
    expect(bundles.length).toBeGreaterThanOrEqual(8);
    for (const name of bundles) {
      const file = path.join(PROJECT_ROOT, 'dist', name);
      const { stdout } = await run(k6.path, ['inspect', '--execution-requirements', file], {
        env: { PATH: process.env['PATH'] },
      });
      expect(JSON.parse(stdout)).toHaveProperty('scenarios');
      await run(k6.path, ['archive', '-O', path.join(folder, `${name}.tar`), file], {
        env: { PATH: process.env['PATH'] },
      });
    }
  });

  test('a key in the shell is in no output, no result and no archive', async () => {
    const secret = 'sk-s3cr3t-0123456789';
    const mock = await openMock({ apiKey: secret });
    const env = {
      LLM_API_KEY: secret,
      OPENAI_API_KEY: secret,
      LLM_EXTRA_HEADERS: `{"x-secret":"${secret}"}`,
      LLM_MIX: 'm',
    };
    const { code, output, folder } = await runBundle('smoke', { ...env, LLM_BASE_URL: mock.url }, [
      '--out',
      'json=points.json',
    ]);
    expect(code).toBe(0);
    expect(output).not.toContain(secret);
    const k6 = await findK6(() => {});
    const archive = path.join(folder, 'smoke.tar');
    await run(k6.path, ['archive', '-O', archive, path.join(PROJECT_ROOT, 'dist/smoke.js')], {
      env: { PATH: process.env['PATH'], ...env },
    });
    for (const name of await readdir(folder)) {
      expect((await readFile(path.join(folder, name))).includes(secret), name).toBe(false);
    }
  });

  test('an archive runs, and refuses settings other than its own', async () => {
    const mock = await openMock();
    const k6 = await findK6(() => {});
    const folder = folderOfTest('frozen');
    await mkdir(path.join(folder, 'results'));
    const archive = path.join(folder, 'smoke.tar');
    await run(
      k6.path,
      ['archive', '-e', 'LLM_MIX=m', '-O', archive, path.join(PROJECT_ROOT, 'dist/smoke.js')],
      { env: { PATH: process.env['PATH'] } },
    );
    const same = await runK6([archive], {
      env: { LLM_BASE_URL: mock.url, LLM_PROVIDER: 'mock' },
      cwd: folder,
    });
    expect(same.output).toContain('PASS');
    expect(same.code).toBe(0);
    const other = await runK6(['-e', 'LLM_MIX=other', archive], {
      env: { LLM_BASE_URL: mock.url, LLM_PROVIDER: 'mock' },
      cwd: folder,
    });
    expect(other.code).toBe(108);
    expect(other.output).toMatch(/LLM_MIX: got .*other.*expected what the options were archived with/);
  });
});
