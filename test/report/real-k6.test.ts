import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { parse as parseJunit } from 'junit2json';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { quantile, sortSamples } from '../../src/lib/numbers/quantiles.ts';
import { parseSample } from '../../src/lib/samples/parse-sample.ts';
import type { SampleRecord } from '../../src/lib/samples/sample-fields.ts';
import type { Summary } from '../../src/lib/summary/summary.ts';
import { findK6 } from '../../src/tools/k6/find-k6.ts';
import { type Mock, startMock } from '../../src/tools/mock/server/start-mock.ts';
import { PROJECT_ROOT } from '../../src/tools/project-root.ts';
import { runCli } from '../support/cli.ts';
import { folderOfTests } from '../support/temporary-folder.ts';

/** What two runs differ in: the second server takes three times as long, which no busy machine adds to the first. */
const USUAL = { ttft: 'lognormal:80:0.1', tpot: '1', tokens: '8' };
const SLOWER = { ttft: 'lognormal:240:0.1', tpot: '1', tokens: '8' };

const cwd = folderOfTests('real');
let mocks: Mock[] = [];
let env: Record<string, string> = {};

beforeAll(async () => {
  mocks = [await startMock({ timing: USUAL }), await startMock({ timing: SLOWER })];
  env = {
    K6_BIN: (await findK6(() => {})).path,
    LLM_MIX: 'a=70,b=30',
    LLM_THINK_TIME: '0s',
    LLM_TIME_SCALE: '0.01',
    LLM_VUS: '6',
  };
});

afterAll(async () => {
  await Promise.all(mocks.map((mock) => mock.close()));
});

/** Runs a scenario against one of the mocks, into a folder. */
async function run(folder: string, which: 0 | 1, args: readonly string[] = []): Promise<Summary> {
  const own = { LLM_BASE_URL: mocks[which]?.url ?? '', LLM_RESULTS_DIR: folder };
  const { code, stderr } = await runCli(['run', 'baseline', ...args], { cwd, env: { ...env, ...own } });
  expect(code, stderr).toBe(0);
  return JSON.parse(await text(folder, 'summary.json'));
}

function text(...names: string[]): Promise<string> {
  return readFile(path.join(cwd, ...names), 'utf8');
}

async function records(...folders: string[]): Promise<SampleRecord[]> {
  const files = await Promise.all(folders.map((folder) => text(folder, 'samples.jsonl')));
  return files.flatMap((file) => file.split('\n').flatMap((line) => parseSample(line) ?? []));
}

const QUANTILES = [
  ['med', 0.5],
  ['p(90)', 0.9],
  ['p(95)', 0.95],
  ['p(99)', 0.99],
] as const;

describe('results of real k6', () => {
  test('of two k6 processes hold the percentiles of all raw samples, within 0.5 %', async () => {
    const summary = await run('shards', 0, ['--shards', '2']);
    const raw = await records('shards/shard-0', 'shards/shard-1');
    expect(raw.length).toBeGreaterThan(100);
    expect(summary.totals.requestsFinished).toBe(raw.length);
    const sorted = sortSamples(raw.flatMap(({ latencyMs }) => latencyMs ?? []));
    for (const [stat, q] of QUANTILES) {
      const exact = quantile(sorted, q) ?? Number.NaN;
      const merged = summary.metrics['ai_latency_ms']?.[stat] ?? Number.NaN;
      expect(Math.abs(merged / exact - 1), `${stat}: ${merged} against ${exact}`).toBeLessThan(0.005);
    }
    for (const model of ['a', 'b']) {
      const own = sortSamples(
        raw.filter((record) => record.model === model).flatMap(({ latencyMs }) => latencyMs ?? []),
      );
      const exact = quantile(own, 0.95) ?? Number.NaN;
      expect((summary.models[model]?.latencyMs.p95 ?? Number.NaN) / exact).toBeCloseTo(1, 2);
    }
  });

  test('are what k6 itself computed, and fit the schema', async () => {
    const summary = await run('single', 0);
    const raw = await records('single');
    const sorted = sortSamples(raw.flatMap(({ latencyMs }) => latencyMs ?? []));
    for (const [stat, q] of QUANTILES) {
      // Lines carry whole microseconds.
      expect(summary.metrics['ai_latency_ms']?.[stat] ?? Number.NaN).toBeCloseTo(quantile(sorted, q) ?? 0, 2);
    }
    const dollars = raw.reduce((sum, { costUsd }) => sum + (costUsd ?? 0), 0);
    expect(summary.totals.costUsd ?? 0).toBeCloseTo(dollars, 9);
    expect(raw.reduce((sum, { outputTokens }) => sum + (outputTokens ?? 0), 0)).toBe(
      summary.totals.outputTokens,
    );
    const schema = JSON.parse(await readFile(path.join(PROJECT_ROOT, 'docs/summary.schema.json'), 'utf8'));
    const validate = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(schema);
    validate(summary);
    expect(validate.errors).toBeNull();
  });

  test("come from k6's JSON output too, for runs without the launcher", async () => {
    const summary = await run('with-json', 0, ['--', '--out', `json=${path.join(cwd, 'out.json.gz')}`]);
    const { code, stdout } = await runCli(
      ['report', 'out.json.gz', '--out', 'from-json.html', '--results', 'from-json'],
      { cwd },
    );
    expect(code).toBe(0);
    expect(stdout).toContain('report: from-json.html');
    const read: Summary = JSON.parse(await text('from-json', 'summary.json'));
    for (const field of [
      'requestsStarted',
      'requestsFinished',
      'succeeded',
      'inputTokens',
      'outputTokens',
    ] as const) {
      expect(read.totals[field], field).toBe(summary.totals[field]);
    }
    expect(Object.keys(read.models).toSorted()).toEqual(['a', 'b']);
    for (const [stat] of QUANTILES) {
      const exact = summary.metrics['ai_latency_ms']?.[stat] ?? Number.NaN;
      expect((read.metrics['ai_latency_ms']?.[stat] ?? Number.NaN) / exact).toBeCloseTo(1, 2);
    }
  });
});

describe('compare on real runs', () => {
  const RULE = ['--gate', 'p50(ai_latency_ms) +10%; error_rate +1pp'];

  beforeAll(async () => {
    await run('before', 0);
    await run('same', 0);
    await run('slower', 1);
  });

  test('exits 0 on the same set-up, and 1 on a slower server, with JUnit that others read', async () => {
    const same = await runCli(['compare', 'before', 'same', '--gate', 'error_rate +1pp'], { cwd });
    expect(same).toMatchObject({ code: 0 });
    const slower = await runCli(['compare', 'before', 'slower', ...RULE, '--junit', 'gate.xml'], { cwd });
    expect(slower).toMatchObject({ code: 1 });
    expect(slower.stdout).toMatch(/WORSE\s+p50\(ai_latency_ms\) \+10%/);
    expect(await parseJunit(await text('gate.xml'))).toMatchObject({ tests: 2, failures: 1 });
  });

  test('speaks JSON and markdown, and writes a page', async () => {
    const json = await runCli(['compare', 'before', 'slower', '--json', '--html', 'diff.html'], { cwd });
    const said: { measures: { name: string; verdict: string }[] } = JSON.parse(json.stdout);
    expect(said.measures.find(({ name }) => name === 'p50(ai_latency_ms)')?.verdict).toBe('worse');
    expect(await text('diff.html')).toMatch(/✕ Worse/);
    const { stdout } = await runCli(['compare', 'before', 'slower', '--markdown', ...RULE], { cwd });
    expect(stdout).toMatch(/^## ❌ 1 of 2 rules broken/);
    expect(stdout).toMatch(/^\| `p50\(ai_latency_ms\)` \|/m);
  });

  test.each<[string, string[], RegExp]>([
    ['one run', ['before'], /expected two runs or more/],
    ['a folder that is not there', ['before', 'nowhere'], /no such file or folder/],
    ['a rule of no measure', ['before', 'same', '--gate', 'speed +1%'], /"speed" is no measure/],
  ])('exits 2 on %s', async (_, args, message) => {
    const { code, stderr } = await runCli(['compare', ...args], { cwd });
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
  });

  test('refuses runs that asked different questions, names the difference, and obeys --force', async () => {
    env = { ...env, LLM_MIX: 'a=50,b=50' };
    await run('other-mix', 0);
    const refused = await runCli(['compare', 'before', 'other-mix'], { cwd });
    expect(refused.code).toBe(2);
    expect(refused.stderr).toMatch(/LLM_MIX: a=70,b=30 against a=50,b=50/);
    expect(await runCli(['compare', 'before', 'other-mix', '--force'], { cwd })).toMatchObject({ code: 0 });
  });
});
