import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { createPricing } from '../../src/lib/money/pricing.ts';
import { readPriceFile } from '../../src/lib/money/price-file.ts';
import { describe, expect, test } from 'vitest';
import { type BundleRun, runBundle, startBundle } from '../support/bundle-run.ts';
import { openMeter } from '../support/meter.ts';
import { openMock } from '../support/mock.ts';
import { openPlainServer } from '../support/servers/plain-server.ts';

const INTERRUPTED = 105;

describe('a run that is interrupted', () => {
  test('says how many requests it cut short: every one started is finished or cut', async () => {
    const mock = await openMock({ timing: { ttft: '60000', tpot: '0', tokens: '1' } });
    const { k6, ended } = await startBundle('soak', {
      LLM_BASE_URL: mock.url,
      LLM_MIX: 'm',
      LLM_PREFLIGHT: '0',
      LLM_RATE: '20',
      LLM_EXPECTED_LATENCY: '2s',
      LLM_TIMEOUT: '100s',
    });
    await expect.poll(() => mock.truth().requests.inFlight, { interval: 20 }).toBeGreaterThanOrEqual(7);
    k6.child.kill('SIGINT');
    const { code, output, summary } = await ended;
    expect(code).toBe(INTERRUPTED);
    const { totals, notes, slo } = summary!;
    expect(totals.requestsStarted).toBe(mock.truth().requests.started);
    expect(totals.cutShort).toBe(totals.requestsStarted - totals.requestsFinished);
    // k6 lets go of an open request at once: it ends as a failure or not at all, and never as a success.
    expect(totals.requestsStarted).toBeGreaterThanOrEqual(7);
    expect(totals.succeeded).toBe(0);
    expect(slo.state).not.toBe('pass');
    if (totals.cutShort! > 0) expect(notes.join()).toContain(`${totals.cutShort} requests were cut short`);
    expect(output).toMatch(/cut short +\d/);
  });
});

describe('a run that is stopped by Ctrl-C while all is well', () => {
  test.each([
    [
      'soak',
      { LLM_RATE: '20', LLM_TIME_SCALE: '0.02' },
      /soak {2}INTERRUPTED after \d(\.\d)? s of 1 min 12 s/,
    ],
    [
      'baseline',
      { LLM_VUS: '4', LLM_TIME_SCALE: '0.1' },
      /baseline {2}INTERRUPTED after \d(\.\d)? s of 48 s/,
    ],
    ['smoke', {}, /smoke {2}INTERRUPTED after \d(\.\d)? s/],
  ])('%s is not judged, in any of its files', async (scenario, settings, headline) => {
    const mock = await openMock({ timing: { ttft: '250', tpot: '0', tokens: '1' } });
    const env = { LLM_BASE_URL: mock.url, LLM_MIX: 'm', LLM_THINK_TIME: '0s', LLM_EXPECTED_LATENCY: '1s' };
    const { k6, ended } = await startBundle(scenario, { ...env, ...settings });
    await expect.poll(() => mock.truth().requests.answered, { interval: 20 }).toBeGreaterThanOrEqual(3);
    k6.child.kill('SIGINT');
    const { code, output, summary, folder } = await ended;
    expect(code).toBe(INTERRUPTED);
    expect(summary?.slo.state).toBe('not-judged');
    expect(summary?.interrupted?.afterMs).toBe(summary?.durationMs);
    expect(output).toMatch(headline);
    expect(output).not.toMatch(/PASS|^ *pass /m);
    const markdown = await readFile(path.join(folder, 'summary.md'), 'utf8');
    expect(markdown).toMatch(/^## \w+: ⚪ INTERRUPTED after/);
    expect(markdown).not.toContain('✅');
    const junit = await readFile(path.join(folder, 'junit.xml'), 'utf8');
    expect(junit).toMatch(/errors="1"/);
    expect(junit).toMatch(/<error message="INTERRUPTED after .*" type="interrupted">/);
    expect(junit.match(/<testcase [^>]*\/>/g)).toBeNull();
  });

  test.each([
    ['an open load of few requests', 'soak', { LLM_RATE: '1', LLM_TIME_SCALE: '0.0009' }],
    ['a load that thins out', 'spike', { LLM_RATE: '5', LLM_TIME_SCALE: '0.01' }],
    ['users', 'baseline', { LLM_VUS: '2', LLM_TIME_SCALE: '0.006' }],
    ['a schedule', 'soak', { LLM_RATE: '4', LLM_TIME_SCALE: '0.0009', LLM_ARRIVALS: 'poisson' }],
    ['another load by a flag', 'soak', {}],
  ])('%s that goes to its end is none', async (title, scenario, settings: Record<string, string>) => {
    const mock = await openMock();
    const env = { LLM_BASE_URL: mock.url, LLM_MIX: 'm', LLM_THINK_TIME: '0s', LLM_EXPECTED_LATENCY: '1s' };
    const flags = title.includes('flag') ? ['--iterations', '2'] : [];
    const { summary } = await runBundle(scenario, { ...env, ...settings }, flags);
    expect(summary?.interrupted).toBeNull();
    expect(summary?.totals.succeeded).toBeGreaterThan(0);
  });
});

test.each(['LLM_DATASET', 'LLM_PRICES', 'LLM_THRESHOLDS'])(
  '%s without an end stops k6 before it reads',
  async (name) => {
    const { code, output } = await runBundle('smoke', { [name]: '/dev/zero' });
    expect(code).toBe(107);
    expect(output).toContain(`${name}: got `);
    expect(output).toContain('expected a regular file');
  },
);

describe('a spike', () => {
  const SPIKE = {
    LLM_MIX: 'm',
    LLM_PREFLIGHT: '0',
    LLM_RATE: '50',
    LLM_TIMEOUT: '10s',
    LLM_EXPECTED_LATENCY: '2s',
    // 5.4 s before, 17 s of spike, 10.8 s after: two windows, as short as they get.
    LLM_TIME_SCALE: '0.09',
  };

  test('that the server takes is over at once; one that fills its queue is not over in time', async () => {
    const [strong, weak] = [
      // Long enough that what a busy machine adds is a small part of it.
      await openMock({ timing: { ttft: '200', tpot: '0', tokens: '1' } }),
      // 10.3/s and a queue of ten: just enough for the 10/s before and after, and hardly anything drains.
      await openMock({ timing: { ttft: '97', tpot: '0', tokens: '1' }, slots: 1, queue: 10 }),
    ];
    const [recovered, full] = await Promise.all(
      [strong, weak].map((mock) => runBundle('spike', { ...SPIKE, LLM_BASE_URL: mock.url })),
    );
    expect(recovered?.code).toBe(0);
    // Back at once, or never away: this server takes it.
    expect(recovered?.summary?.recovery).toMatchObject({ ttftMs: null, latencyMs: 0, ttft: 'too-few' });
    expect(['back', 'never-left']).toContain(recovered?.summary?.recovery?.latency);
    expect(full?.code).toBe(99);
    expect(full?.summary?.recovery).toMatchObject({ ttftMs: null, latencyMs: null });
    expect(['not-seen', 'too-few']).toContain(full?.summary?.recovery?.latency);
    const { metrics, totals } = recovered!.summary!;
    const windows = ['before', 'spike', 'after-00', 'after-10'];
    const counts = windows.map((window) => metrics[`ai_latency_ms{window:${window}}`]?.['count'] ?? 0);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(totals.succeeded);
    expect(Math.min(...counts)).toBeGreaterThanOrEqual(5);
    expect(counts[1]).toBeGreaterThan(10 * (counts[0] ?? 0));
  });
});

describe('a run that ends itself says why, first of all', () => {
  /** What `summary.json`, `summary.md`, `junit.xml` and the table say. */
  async function allSay({ folder, output, summary }: BundleRun, reason: RegExp): Promise<void> {
    expect(summary?.stopped).toMatch(reason);
    const [markdown = '', junit = ''] = await Promise.all(
      ['summary.md', 'junit.xml'].map((name) => readFile(path.join(folder, name), 'utf8')),
    );
    expect(markdown.split('\n')[2]?.replaceAll('\\', '')).toMatch(reason);
    expect(/<failure message="([^"]*)"/.exec(junit)?.[1]).toMatch(reason);
    const table = output.slice(output.indexOf('STOPPED:')).replace(/\s+/g, ' ');
    expect(table).toMatch(reason);
  }

  test('of a model that is not there', async () => {
    const url = await openPlainServer(({ url: path = '' }, response) => {
      const error = { message: 'Invalid model name passed in model=gpt-9', param: 'None', code: '400' };
      response
        .writeHead(path.endsWith('/models') ? 200 : 400, { 'content-type': 'application/json' })
        .end(path.endsWith('/models') ? '{"data":[{"id":"m"}]}' : JSON.stringify({ error }));
    });
    const run = await runBundle('soak', { LLM_BASE_URL: url, LLM_MIX: 'gpt-9', LLM_RATE: '20' });
    expect(run.code).toBe(108);
    await allSay(run, /^(\*\*Stopped\*\*: |STOPPED: )?the server does not serve gpt-9 .*Invalid model name/);
    expect(run.summary!.totals).toMatchObject({ requestsStarted: 0, failed: 0, errorRatio: null });
    expect(run.output).not.toContain('LLM_MAX_TOKENS');
  });

  const PRICING = createPricing({
    builtIn: readPriceFile({ models: { 'gpt-4.1': { input: 2, output: 8 } } }, 'prices'),
    provider: 'mock',
  });
  const METERED = { LLM_MIX: 'gpt-4.1', LLM_MAX_TOKENS: '100', LLM_TRANSPORT: 'meter', LLM_STREAM: '1' };

  test('of a budget that is used up: no error of the server, and nothing that was not sent', async () => {
    const mock = await openMock({ timing: { ttft: '1', tpot: '0', tokens: '50' } });
    const budget = { limitUsd: 0.01, pricing: PRICING };
    const meter = await openMeter(mock.url, { budget });
    const run = await runBundle('soak', {
      ...METERED,
      LLM_BASE_URL: mock.url,
      LLM_METER_URL: meter.url,
      LLM_RATE: '50',
      LLM_BUDGET_USD: '0.01',
    });
    expect(run.code).toBe(108);
    await allSay(run, /LLM_BUDGET_USD: the run ended on its budget: \$0\.00\d+ of \$0\.010000/);
    const { totals } = run.summary!;
    expect(totals).toMatchObject({ failed: 0, errors: {}, errorRatio: 0 });
    expect(totals.succeeded).toBeGreaterThan(0);
    // What the run's end cut off on its way to the meter may not have been sent; nothing else is counted.
    const counted = totals.requestsStarted + totals.preflight!.requests;
    const sent = mock.truth().requests.started;
    expect(counted - sent).toBeGreaterThanOrEqual(0);
    expect(counted - sent).toBeLessThanOrEqual(totals.cutShort ?? 0);
  });

  test.each([['1'], ['0']])('of a budget too small for one request (LLM_PREFLIGHT=%s)', async (preflight) => {
    const mock = await openMock();
    const meter = await openMeter(mock.url, { budget: { limitUsd: 0.0001, pricing: PRICING } });
    const run = await runBundle('smoke', {
      ...METERED,
      LLM_BASE_URL: mock.url,
      LLM_METER_URL: meter.url,
      LLM_BUDGET_USD: '0.0001',
      LLM_PREFLIGHT: preflight,
    });
    expect(run.code).toBe(108);
    await allSay(
      run,
      /a budget of \$0\.000100 is too small for one request: one of gpt-4\.1 may cost \$0\.00\d+/,
    );
    expect(run.summary!.totals).toMatchObject({ requestsStarted: 0, errors: {} });
    expect(mock.truth().requests.started).toBe(0);
  });

  test('of a setup that refuses long before the first request: k6 alone knows that it was setup', async () => {
    const mock = await openMock({ apiKey: 'right' });
    const env = { LLM_BASE_URL: mock.url, LLM_MIX: 'm', LLM_API_KEY: 'sk-wrong-0123456789', LLM_VUS: '1' };
    const run = await runBundle('baseline', env);
    expect(run.code).toBe(108);
    await allSay(run, /setup refused to begin the run, and said why in the output of k6/);
    expect(run.output).toContain('refused the key (HTTP 401)');
  });

  test('of a key that is refused once the load is on', async () => {
    const url = await openPlainServer((_request, response) => {
      response.writeHead(401, { 'content-type': 'application/json' }).end('{"error":"who are you"}');
    });
    const run = await runBundle('soak', {
      LLM_BASE_URL: url,
      LLM_MIX: 'm',
      LLM_PREFLIGHT: '0',
      LLM_RATE: '20',
      LLM_MAX_VUS: '2',
    });
    expect(run.code).toBe(108);
    expect(run.summary!.totals.requestsFinished).toBeGreaterThanOrEqual(10);
    await allSay(run, /refused again and again/);
  });
});
