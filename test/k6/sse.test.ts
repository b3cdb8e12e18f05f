import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Summary } from '../../src/lib/summary/summary.ts';
import { findK6 } from '../../src/tools/k6/find-k6.ts';
import { PROJECT_ROOT } from '../../src/tools/project-root.ts';
import { runK6 } from '../influxdb/k6-run.ts';
import { openMock } from '../support/mock.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'k6-llm-sse-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const SETTINGS = {
  LLM_STREAM: '1',
  LLM_TRANSPORT: 'sse',
  LLM_MIX: 'm',
  LLM_PREFLIGHT: '0',
  LLM_TIMEOUT: '2s',
};

async function readSummary(): Promise<Summary> {
  return JSON.parse(await readFile(path.join(folder, 'summary.json'), 'utf8')) as Summary;
}

/** The bundle, with the stand-in where it would load xk6-sse. */
async function makeBundle(): Promise<void> {
  const bundle = await readFile(path.join(PROJECT_ROOT, 'dist/smoke.js'), 'utf8');
  const [first = '', ...rest] = bundle.split('\n');
  expect(first).toBe('const k6Sse = __ENV.LLM_TRANSPORT === "sse" ? require("k6/x/sse") : null;');
  await writeFile(
    path.join(folder, 'smoke.js'),
    ["import * as k6Sse from './sse-stand-in.js';", ...rest].join('\n'),
  );
  await copyFile(
    path.join(PROJECT_ROOT, 'test/support/sse-stand-in.js'),
    path.join(folder, 'sse-stand-in.js'),
  );
}

describe('the sse transport, with a stand-in for k6/x/sse that has its warts', () => {
  test('lets users leave at the events that it hears of', async () => {
    await makeBundle();
    const mock = await openMock();
    const env = {
      ...SETTINGS,
      LLM_ABORT: 'after:1token@100%',
      LLM_BASE_URL: mock.url,
      LLM_RESULTS_DIR: folder,
    };
    const { output } = await runK6(['smoke.js'], { env, cwd: folder });
    expect(output).not.toMatch(/hung|Uncaught|TypeError/);
    const { totals } = await readSummary();
    // Three bring text; a refused key and a refused connection bring none.
    expect(totals).toMatchObject({
      requestsFinished: 5,
      succeeded: 0,
      aborted: 3,
      failed: 2,
      usageMissing: 3,
    });
    expect(totals.errors).toEqual({ auth: 1, network: 1 });
  });

  test('hangs on nothing, and counts every answer once', async () => {
    await makeBundle();
    const mock = await openMock();
    const env = { ...SETTINGS, LLM_BASE_URL: mock.url, LLM_RESULTS_DIR: folder };
    const { code, output } = await runK6(['smoke.js'], { env, cwd: folder });
    expect(output).not.toMatch(/hung|Uncaught|TypeError/);
    expect(code).toBe(99);
    const { totals, models, notes } = await readSummary();
    expect(totals).toMatchObject({
      requestsStarted: 5,
      requestsFinished: 5,
      succeeded: 1,
      failed: 4,
      cutShort: 0,
    });
    expect(totals.errors).toEqual({ truncated: 1, auth: 1, network: 1, timeout: 1 });
    expect(models['m']).toMatchObject({
      inputTokens: 9,
      outputTokens: 3,
      ttftMs: { count: 1 },
      latencyMs: { count: 1 },
    });
    expect(notes.join(' ')).toContain('TTFT holds connection set-up');
  });
});

describe('the sse transport on a k6 that has k6/x/sse', () => {
  test('measures streams and loses none', async (context) => {
    const k6 = await findK6(() => {});
    if (!k6.hasSse) {
      console.warn('SKIPPED: no k6 with k6/x/sse here; name one in K6_BIN to run this check');
      context.skip();
    }
    const mock = await openMock();
    const env = { ...SETTINGS, LLM_BASE_URL: mock.url, LLM_RESULTS_DIR: folder, K6_BIN: k6.path };
    const { code } = await runK6([path.join(PROJECT_ROOT, 'dist/smoke.js')], { env, cwd: folder });
    expect(code).toBe(0);
    const { totals } = await readSummary();
    expect(totals).toMatchObject({
      requestsStarted: 5,
      succeeded: 5,
      outputTokens: mock.truth().totals.outputTokens,
    });
  });
});
