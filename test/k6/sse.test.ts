import { copyFile, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { KINDS } from '../../src/lib/kinds/kinds.ts';
import type { Summary } from '../../src/lib/summary/summary.ts';
import { findK6 } from '../../src/tools/k6/find-k6.ts';
import { FAULT_NAMES, type FaultName } from '../../src/tools/mock/faults/faults.ts';
import type { Mock } from '../../src/tools/mock/server/start-mock.ts';
import { PROJECT_ROOT } from '../../src/tools/project-root.ts';
import { runK6 } from '../influxdb/k6-run.ts';
import { expectedEnd, faultCases, faultRules } from '../support/fault-cases.ts';
import { openMock } from '../support/mock.ts';
import { folderOfTests } from '../support/temporary-folder.ts';

const folder = folderOfTests('sse');

/** The extension hands out no body without a line's end, so its status alone is known. */
const WITHOUT_BODY: Partial<Record<FaultName, string>> = {
  insufficient_quota: 'rate_limited',
  error_in_200: 'empty',
};

const TEXT_KINDS = KINDS.filter(({ answers }) => answers === 'text');

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

describe('the sse transport on a k6 that has k6/x/sse', async () => {
  const k6 = await findK6(() => {});
  if (!k6.hasSse) console.warn('SKIPPED: no k6 with k6/x/sse here; name one in K6_BIN to run these checks');
  const run = async (mock: Mock, own: Readonly<Record<string, string>>, args: readonly string[] = []) => {
    const env = { ...SETTINGS, LLM_BASE_URL: mock.url, LLM_RESULTS_DIR: folder, K6_BIN: k6.path, ...own };
    const { code, output } = await runK6([...args, path.join(PROJECT_ROOT, 'dist/smoke.js')], {
      env,
      cwd: folder,
    });
    expect(output).not.toMatch(/hung|Uncaught|TypeError/);
    return { code, ...(await readSummary()) };
  };

  test.skipIf(!k6.hasSse).each(TEXT_KINDS.map(({ name }) => name))(
    'measures streams of %s, and loses none of their tokens and dollars',
    async (kind) => {
      const mock = await openMock({ timing: { ttft: '30', tpot: '10', tokens: '6' } });
      const pricesFile = path.join(folder, 'prices.json');
      await writeFile(pricesFile, JSON.stringify({ models: { m: { input: 2, output: 8 } } }));
      const own = { LLM_PROVIDER: 'mock', LLM_KIND: kind, LLM_PRICES: pricesFile };
      const { code, totals, kinds, metrics } = await run(mock, own);
      expect(code).toBe(0);
      const { inputTokens, outputTokens, requests } = mock.truth().kinds[kind]!;
      expect(totals).toMatchObject({ requestsStarted: 5, succeeded: requests, inputTokens, outputTokens });
      expect(totals.costUsd).toBeCloseTo((2 * inputTokens + 8 * outputTokens) / 1e6, 12);
      expect(Object.keys(kinds)).toEqual([kind]);
      expect(metrics['ai_ttft_ms']?.['count']).toBeGreaterThan(0);
    },
  );

  test.skipIf(!k6.hasSse)('lets users leave, whose tokens are counted or unknown', async () => {
    const mock = await openMock({ timing: { ttft: '20', tpot: '20', tokens: '40' } });
    const own = { LLM_PROVIDER: 'mock', LLM_ABORT: 'after:5tokens@100%' };
    const { totals } = await run(mock, own);
    expect(totals).toMatchObject({ requestsFinished: 5, succeeded: 0, failed: 0, aborted: 5 });
    expect(mock.truth().totals.outputTokens).toBeLessThan(5 * 40);
  });

  test.skipIf(!k6.hasSse)(
    'calls what breaks by its name, whatever is asked',
    async () => {
      const cases = faultCases(FAULT_NAMES, TEXT_KINDS);
      const mock = await openMock({ faults: faultRules(cases) });
      const { models } = await run(
        mock,
        {
          LLM_PROVIDER: 'mock',
          LLM_MIX: cases.map(({ kind, model }) => `${kind.name}:${model}`).join(','),
        },
        ['--iterations', String(2 * cases.length), '--vus', '24'],
      );
      const ends = cases.map(({ model }) => {
        const { succeeded = 0, errors = {} } = models[model] ?? {};
        return [model, [...(succeeded > 0 ? ['ok'] : []), ...Object.keys(errors)].join()];
      });
      const expected = cases.map((one) => [one.model, WITHOUT_BODY[one.fault] ?? expectedEnd(one, true)]);
      expect(Object.fromEntries(ends)).toEqual(Object.fromEntries(expected));
    },
    90_000,
  );
});
