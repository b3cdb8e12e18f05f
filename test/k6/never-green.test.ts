import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { buildBundles } from '../../build.mjs';
import type { FaultName } from '../../src/tools/mock/faults/faults.ts';
import { runBundle } from '../support/bundle-run.ts';
import { openMock } from '../support/mock.ts';
import { folderOfTests } from '../support/temporary-folder.ts';

// k6 itself passes a threshold without a sample, and exits 0 when every check fails or every iteration throws.

const CLEAN = 0;
const BREACHED = 99;
const WRONG_SETTING = 107;
const STOPPED = 108;

const folder = folderOfTests('never-green');

async function thresholds(name: string, profile: Record<string, readonly string[]>): Promise<string> {
  const file = path.join(folder, `${name}.json`);
  await writeFile(file, JSON.stringify({ name, thresholds: profile }));
  return file;
}

const always = (name: FaultName) => [{ name, param: 0, ratio: 1, model: null }];

describe('a server that refuses every chat request, but lists its models', () => {
  test.each([
    ['is found out before the load', 'smoke', { LLM_PREFLIGHT: '1' }, STOPPED, 0],
    ['fails the run, without preflight', 'smoke', { LLM_PREFLIGHT: '0' }, BREACHED, 5],
    [
      'fails the run, whatever its profile',
      'smoke',
      { LLM_PREFLIGHT: '0', LLM_THRESHOLDS: 'batch' },
      BREACHED,
      5,
    ],
    [
      'stops a longer run',
      'baseline',
      { LLM_PREFLIGHT: '0', LLM_VUS: '1', LLM_TIME_SCALE: '0.05' },
      STOPPED,
      10,
    ],
  ])('%s', async (_name, scenario, env, expected, requests) => {
    const mock = await openMock({ faults: always('auth_401') });
    const { code, summary } = await runBundle(scenario, {
      LLM_BASE_URL: mock.url,
      LLM_MIX: 'm',
      LLM_THINK_TIME: '0s',
      LLM_TIMEOUT: '5s',
      ...env,
    });
    expect(code).toBe(expected);
    const { totals, slo, trust } = summary!;
    expect(totals).toMatchObject({ requestsFinished: requests, succeeded: 0 });
    expect(totals.errors.auth ?? 0).toBe(requests);
    expect(slo.state).not.toBe('pass');
    expect(trust.state).toBe('nothing-measured');
  });

  test("fails thresholds of one's own that k6 would pass or never see", async () => {
    const mock = await openMock({ faults: always('auth_401') });
    const profile = { http_req_failed: ['rate<=1'], checks: ['rate>=0'] };
    const { code, summary } = await runBundle('smoke', {
      LLM_BASE_URL: mock.url,
      LLM_MIX: 'm',
      LLM_PREFLIGHT: '0',
      LLM_THRESHOLDS: await thresholds('lenient', profile),
    });
    expect(code).toBe(BREACHED);
    expect(summary!.slo.breached).toEqual(['ai_requests_succeeded: count>0']);
  });
});

describe('a threshold', () => {
  test.each<[string, Record<string, readonly string[]>, number, RegExp]>([
    [
      'on a Trend that gets no sample',
      { group_duration: ['p(95)<1000'] },
      BREACHED,
      /FAIL +group_duration: max>0/,
    ],
    ['on waits, where none was asked for', { ai_retry_after_ms: ['p(95)<1000'] }, CLEAN, /PASS/],
    ['on a Trend that gets samples', { ai_latency_ms: ['p(95)<60000'] }, CLEAN, /PASS/],
    [
      'on a model that is not in the mix',
      { 'ai_latency_ms{model:typo}': ['p(95)<9'] },
      WRONG_SETTING,
      /typo.*m\b/,
    ],
    ['on a metric that is not there', { ai_latncy_ms: ['p(95)<9'] }, WRONG_SETTING, /ai_latency_ms/],
    [
      'that this transport never feeds',
      { ai_ttft_ms: ['p(95)<9'] },
      WRONG_SETTING,
      /LLM_STREAM|LLM_TRANSPORT/,
    ],
    ['without its brackets', { ai_latency_ms: ['p95<5000'] }, WRONG_SETTING, /p\(95\)<5000/],
  ])('%s', async (name, profile, expected, said) => {
    const mock = await openMock();
    const { code, output } = await runBundle('smoke', {
      LLM_BASE_URL: mock.url,
      LLM_MIX: 'm',
      LLM_THRESHOLDS: await thresholds(name.replaceAll(' ', '-'), profile),
    });
    expect(code).toBe(expected);
    expect(output).toMatch(said);
    expect(mock.truth().totals.requests === 0).toBe(expected === WRONG_SETTING);
  });
});

test('a script that throws in every iteration fails the run', async () => {
  const entry = path.join(folder, 'broken.ts');
  await writeFile(
    entry,
    `import { defineScenario, smokeLoad } from 'k6-llm/k6';
     const scenario = defineScenario({ name: 'broken', load: smokeLoad(), thresholds: 'ci' }, () => {
       throw new Error('as every iteration does');
     });
     export const { options, setup, handleSummary, scrape } = scenario;
     export default scenario;`,
  );
  await buildBundles({ outdir: folder, entries: [entry] });
  const mock = await openMock();
  const { code, output, summary } = await runBundle(path.join(folder, 'broken.js'), {
    LLM_BASE_URL: mock.url,
    LLM_MIX: 'm',
  });
  expect(output).toContain('as every iteration does');
  expect(code).toBe(BREACHED);
  expect(summary!).toMatchObject({ slo: { state: 'fail' }, trust: { state: 'nothing-measured' } });
});
