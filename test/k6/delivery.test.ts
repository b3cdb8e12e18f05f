import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { runBundle } from '../support/bundle-run.ts';
import { openMock } from '../support/mock.ts';

// A load that is not made is no test of a server, and k6 itself says nothing of what it never got round to.

const BASE = { LLM_MIX: 'm', LLM_PREFLIGHT: '0', LLM_THINK_TIME: '0s', LLM_TIMEOUT: '5s' };
const BREACHED = 99;

test('a load that no machine can make fails, and is called underdelivered', async () => {
  const mock = await openMock({ timing: { ttft: '0', tpot: '0', tokens: '1' } });
  const { code, summary } = await runBundle('soak', {
    ...BASE,
    LLM_BASE_URL: mock.url,
    LLM_RATE: '60000',
    LLM_TIME_SCALE: '0.0022',
    LLM_MAX_VUS: '20',
    // What k6 itself drops would fail it too.
    LLM_EXPECTED_LATENCY: '1ms',
  });
  const { load, slo, totals, trust } = summary!;
  expect(totals.requestsStarted).toBeLessThan(load.offered! / 2);
  expect(load.deliveredRatio).toBeLessThan(0.8);
  expect(slo.breached).toContain('ai_delivered_ratio{test_type:soak}: value>=0.95');
  expect(trust.state).toBe('underdelivered');
  expect(trust.reasons.join()).toMatch(/of what the load meant to start by then, .* % was started/);
  expect(code).toBe(BREACHED);
});

test('one of a schedule that its VUs cannot keep is so too', async () => {
  const mock = await openMock({ timing: { ttft: '400', tpot: '0', tokens: '1' } });
  const { code, summary } = await runBundle('soak', {
    ...BASE,
    LLM_BASE_URL: mock.url,
    LLM_ARRIVALS: 'poisson',
    LLM_RATE: '20',
    LLM_TIME_SCALE: '0.0022',
    LLM_TIMEOUT: '1s',
    LLM_MAX_VUS: '2',
  });
  expect(summary!.load.deliveredRatio).toBeLessThan(0.8);
  expect(code).toBe(BREACHED);
});

test('a burst that is made up for later was not delivered, though nothing is missing', async () => {
  const mock = await openMock({ timing: { ttft: '900', tpot: '0', tokens: '1' } });
  const folder = await mkdtemp(path.join(tmpdir(), 'k6-llm-burst-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const file = path.join(folder, 'burst.csv');
  await writeFile(file, `timestamp_ms,input_tokens,output_tokens\n${'5,20,1\n'.repeat(8)}`);
  const { code, summary } = await runBundle('soak', {
    ...BASE,
    LLM_BASE_URL: mock.url,
    LLM_ARRIVALS: `trace:${file}`,
    LLM_MAX_VUS: '2',
    LLM_THRESHOLDS: new URL('../fixtures/rates-only.json', import.meta.url).pathname,
  });
  const { slo, totals, trust } = summary!;
  expect(totals).toMatchObject({ succeeded: 8, droppedIterations: 0 });
  expect(slo).toMatchObject({ state: 'fail', breached: ['ai_schedule_lag_ms: p(95)<=1000'] });
  expect(trust.state).toBe('underdelivered');
  // Nobody asked for that percentile, so its few samples are no doubt.
  expect(trust.reasons).toEqual([
    expect.stringMatching(/the schedule was not kept: schedule lag p95 was \d+ ms/),
  ]);
  expect(code).toBe(BREACHED);
});

test('a run of nothing but warm-up measures nothing, and never passes', async () => {
  const mock = await openMock();
  const { code, summary } = await runBundle('soak', {
    ...BASE,
    LLM_BASE_URL: mock.url,
    LLM_RATE: '10',
    // Users enough for a machine that stumbles.
    LLM_EXPECTED_LATENCY: '3s',
    LLM_TIME_SCALE: '0.0004',
    LLM_WARMUP: '30s',
    LLM_THRESHOLDS: new URL('../fixtures/rates-only.json', import.meta.url).pathname,
  });
  expect(code).toBe(BREACHED);
  const { slo, totals, trust } = summary!;
  expect(totals.succeeded).toBeGreaterThan(5);
  expect(slo).toMatchObject({ state: 'fail', breached: ['ai_requests_succeeded{phase:main}: count>0'] });
  expect(trust).toMatchObject({
    state: 'nothing-measured',
    reasons: [expect.stringMatching(/all of its \d+ requests were warm-up/)],
  });
});

test('a load that is made is valid, and says so', async () => {
  const mock = await openMock();
  const { code, summary } = await runBundle('soak', {
    ...BASE,
    LLM_BASE_URL: mock.url,
    LLM_RATE: '20',
    LLM_TIME_SCALE: '0.001',
    LLM_THRESHOLDS: new URL('../fixtures/rates-only.json', import.meta.url).pathname,
  });
  expect(summary!.slo.breached).toEqual([]);
  expect(summary!.load.deliveredRatio).toBe(1);
  expect(summary!.trust).toEqual({ state: 'valid', reasons: [] });
  expect(code).toBe(0);
});

test.each([
  ['spaced by k6', {}],
  ['of a schedule', { LLM_ARRIVALS: 'poisson' }],
])('conversations %s have a VU for all their turns, and are offered as so many requests', async (_, env) => {
  const mock = await openMock({ timing: { ttft: '150', tpot: '0', tokens: '1' } });
  const { summary } = await runBundle('soak', {
    ...BASE,
    LLM_BASE_URL: mock.url,
    LLM_TURNS: '4',
    LLM_RATE: '10',
    LLM_TIME_SCALE: '0.0006',
    // Twice what the server takes, as this machine is shared.
    LLM_EXPECTED_LATENCY: '300ms',
    LLM_THRESHOLDS: new URL('../fixtures/rates-only.json', import.meta.url).pathname,
    ...env,
  });
  const { load, totals } = summary!;
  // 10/s of 4 × 0.3 s each, and a fifth more; of a schedule, as many as its fullest stretch takes.
  expect(load.vusAllocated).toBeGreaterThanOrEqual(15);
  // One turn's VUs would drop most of them.
  expect(totals.droppedIterations).toBeLessThanOrEqual(2);
  expect(load.peakRatePerSec).toBe(40);
  expect(load.offered! / 4).toBeGreaterThan(10);
  // k6 begins with one at its time zero, or leaves one out.
  expect(Math.abs(load.offered! - totals.requestsStarted)).toBeLessThanOrEqual(16);
  expect(load.deliveredRatio).toBe(1);
});

test("a load that k6's own flags put in place of ours owes nothing", async () => {
  const mock = await openMock();
  const { code, summary } = await runBundle(
    'soak',
    {
      ...BASE,
      LLM_BASE_URL: mock.url,
      LLM_THRESHOLDS: new URL('../fixtures/rates-only.json', import.meta.url).pathname,
    },
    ['--vus', '2', '--iterations', '6'],
  );
  expect(summary!.totals.succeeded).toBe(6);
  expect(summary!.load).toMatchObject({
    model: 'iterations',
    iterations: 6,
    offered: null,
    vusAllocated: null,
  });
  expect(summary!.slo.breached).toEqual([]);
  expect(code).toBe(0);
});

test('so many iterations of which few had time to begin fail, with the true reason', async () => {
  const mock = await openMock({ timing: { ttft: '400', tpot: '0', tokens: '1' } });
  const { code, summary } = await runBundle(
    'smoke',
    {
      ...BASE,
      LLM_BASE_URL: mock.url,
      LLM_THRESHOLDS: new URL('../fixtures/rates-only.json', import.meta.url).pathname,
    },
    ['--iterations', '40', '--duration', '1s'],
  );
  const { load, notes, slo, totals, trust } = summary!;
  expect(load).toMatchObject({ model: 'iterations', iterations: 40 });
  expect(slo).toMatchObject({ state: 'fail', breached: ['dropped_iterations: count<1'] });
  expect(trust.reasons[0]).toContain(`${40 - totals.requestsStarted} of 40 iterations were never begun`);
  expect(notes.join()).toMatch(/k6 made another load than this scenario's/);
  expect(code).toBe(BREACHED);
});
