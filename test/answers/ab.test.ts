import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { parseSample } from '../../src/lib/samples/parse-sample.ts';
import type { SampleRecord } from '../../src/lib/samples/sample-fields.ts';
import type { AbAnswer } from '../../src/tools/ab/ab-answer.ts';
import { findK6 } from '../../src/tools/k6/find-k6.ts';
import type { Mock } from '../../src/tools/mock/server/start-mock.ts';
import { answerProblems } from '../support/answer-schema.ts';
import { runBundle, scriptErrors } from '../support/bundle-run.ts';
import { runCli, startCli } from '../support/cli.ts';
import { openMock } from '../support/mock.ts';
import { processesIn } from '../support/processes.ts';
import { folderOfTest } from '../support/temporary-folder.ts';

let K6_BIN = '';
let cwd = '';
beforeAll(async () => {
  K6_BIN = (await findK6(() => {})).path;
});
beforeEach(() => {
  cwd = folderOfTest('ab');
});

const TIMING = { ttft: 'normal:20:2', tpot: '1', tokens: '8' };
const KEYS = { ALPHA_KEY: 'key-of-alpha', BETA_KEY: 'key-of-beta' };

type Two = { alpha: Mock; beta: Mock };

async function twoMocks(): Promise<Two> {
  const alpha = await openMock({ timing: TIMING, apiKey: KEYS.ALPHA_KEY, keepBodies: true });
  const beta = await openMock({
    // Slower by more than a busy machine is late.
    timing: { ...TIMING, ttft: 'normal:420:2' },
    apiKey: KEYS.BETA_KEY,
    keepBodies: true,
  });
  return { alpha, beta };
}

/** Alpha is twice as dear; beta is sent a field of its own. */
function entriesOf({ alpha, beta }: Two): Record<string, unknown>[] {
  return [
    {
      name: 'alpha',
      baseUrl: alpha.url,
      keyVariable: 'ALPHA_KEY',
      model: 'm',
      prices: { input: 2, output: 8 },
    },
    {
      name: 'beta',
      baseUrl: beta.url,
      keyVariable: 'BETA_KEY',
      model: 'n',
      prices: 'prices/beta.json',
      body: { top_p: 0.5 },
    },
  ];
}

async function writeFiles(entries: readonly Record<string, unknown>[]): Promise<void> {
  await writeFile(path.join(cwd, 'providers.json'), JSON.stringify({ providers: entries }));
  await rm(path.join(cwd, 'prices'), { recursive: true, force: true });
  await mkdir(path.join(cwd, 'prices'));
  await writeFile(path.join(cwd, 'prices/beta.json'), '{"models":{"n":{"input":1,"output":4}}}');
}

const env = (more: Record<string, string> = {}): Record<string, string> => ({
  K6_BIN,
  ...KEYS,
  LLM_RESULTS_DIR: 'out',
  LLM_THINK_TIME: '0s',
  LLM_VUS: '6',
  LLM_TIMEOUT: '10s',
  // Of another target: nobody is to get it.
  LLM_API_KEY: 'key-of-nobody',
  ...more,
});

async function answerIn(folder = 'out'): Promise<AbAnswer> {
  const answer: AbAnswer = JSON.parse(await readFile(path.join(cwd, folder, 'answer.json'), 'utf8'));
  expect(answerProblems(answer)).toEqual([]);
  return answer;
}

async function samplesIn(folder = 'out'): Promise<SampleRecord[]> {
  const text = await readFile(path.join(cwd, folder, 'samples.jsonl'), 'utf8');
  return text.split('\n').flatMap((line) => parseSample(line) ?? []);
}

/** Every text that a command left. */
async function everythingIn(folder: string): Promise<string> {
  const names = await readdir(path.join(cwd, folder));
  const texts = await Promise.all(names.map((name) => readFile(path.join(cwd, folder, name), 'utf8')));
  return texts.join('\n');
}

const ab = ['ab', '--providers', 'providers.json', '--duration'];

describe('k6-llm ab', () => {
  test.each([
    ['blocking', []],
    ['streamed', ['--stream']],
  ])('%s: the faster and the cheaper one, each prompt to both, no key anywhere', async (_name, flags) => {
    const mocks = await twoMocks();
    await writeFiles(entriesOf(mocks));
    // Good is what was answered: on a busy machine no time would be.
    const settings = env({ LLM_SLO: 'latency:60000' });
    const { code, stdout, stderr } = await runCli([...ab, '8s', ...flags], { cwd, env: settings });
    expect(code, stderr).toBe(0);
    const answer = await answerIn();
    expect(answer.partial).toBe(false);
    const measure = flags.length > 0 ? 'ttft_ms' : 'latency_ms';
    expect(answer.differences.find((one) => one.measure === measure)).toMatchObject({ better: 'alpha' });
    const dollars = answer.differences.find((one) => one.measure === 'usd_per_1k_requests');
    expect(dollars).toMatchObject({ better: 'beta' });
    expect((dollars?.firstValue ?? 0) / (dollars?.secondValue ?? 1)).toBeGreaterThan(1.9);
    expect(answer.tradeOffs[0]).toMatch(/^beta saves .* against alpha, and costs .* ms of time$/);
    expect(stdout.replace(/\s+/g, ' ')).toContain(answer.sentence);
    // Each pair holds one request to each, with one prompt, in either order.
    const byPair = new Map<number | null, SampleRecord[]>();
    for (const sample of await samplesIn())
      byPair.set(sample.pair, [...(byPair.get(sample.pair) ?? []), sample]);
    const orders = [...byPair.values()].flatMap((two) =>
      two.length === 2
        ? [
            two
              .toSorted((a, b) => a.atMs - b.atMs)
              .map(({ provider }) => provider)
              .join(),
          ]
        : [],
    );
    const alphaFirst = orders.filter((order) => order === 'alpha,beta').length;
    expect(alphaFirst + orders.filter((order) => order === 'beta,alpha').length).toBe(orders.length);
    // A coin's spread, four times over: how many pairs there are depends on the machine.
    expect(orders.length).toBeGreaterThan(10);
    expect(Math.abs(alphaFirst - orders.length / 2)).toBeLessThan(2 * Math.sqrt(orders.length));
    for (const [first, second] of byPair.values())
      if (second !== undefined) expect(first?.inputTokens).toBe(second.inputTokens);
    const [ofAlpha, ofBeta] = [mocks.alpha, mocks.beta].map((mock) => mock.truth().bodies ?? []);
    expect(JSON.stringify(ofBeta)).toContain('top_p');
    expect(JSON.stringify(ofAlpha)).not.toContain('top_p');
    for (const key of [...Object.values(KEYS), 'key-of-nobody']) {
      expect(await everythingIn('out')).not.toContain(key);
      expect(stdout + stderr).not.toContain(key);
    }
    expect(await processesIn(cwd)).toEqual([]);
  });

  test('a provider that fails at the start is named, with what of its entry in the file to look at', async () => {
    const mocks = await twoMocks();
    const strict = await openMock({ timing: TIMING, strictModels: true });
    const gamma = { name: 'gamma', baseUrl: strict.url, model: 'nope' };
    // Nobody listens there.
    const delta = { name: 'delta', baseUrl: 'http://127.0.0.1:1/v1', model: 'm' };
    await writeFiles([...entriesOf(mocks), gamma, delta]);
    const { code, stderr } = await runCli([...ab, '2s'], { cwd, env: env({ BETA_KEY: 'wrong' }) });
    expect(code).not.toBe(0);
    expect(stderr).toMatch(/beta failed at the start: [^;]*key[^;]*; set BETA_KEY/);
    expect(stderr).toMatch(/gamma failed at the start: [^;]*nope[^;]*; set its model in \/.*providers\.json/);
    expect(stderr).toMatch(
      /delta failed at the start: nothing answers [^;]*; is its baseUrl in \/.*providers\.json right/,
    );
    expect(stderr).not.toMatch(/LLM_(BASE_URL|API_KEY|MIX)/);
    expect(stderr).toContain('--leave-out-failed');
    const { sentence, providers, reason } = await answerIn();
    expect(sentence).toMatch(/^Nothing was compared: beta failed at the start/);
    expect(reason).toContain('gamma failed');
    expect(providers.map(({ failed }) => failed !== null)).toEqual([false, true, true, true]);
    expect(stderr).not.toContain('wrong');
    expect(mocks.alpha.truth().requests.started).toBe(1);
  });

  test('the others go on when that is asked for, and not when only one is left', async () => {
    const mocks = await twoMocks();
    const gamma = { name: 'gamma', baseUrl: mocks.alpha.url, keyVariable: 'GAMMA_KEY', model: 'm' };
    await writeFiles([...entriesOf(mocks), gamma]);
    const flags = [...ab, '3s', '--leave-out-failed'];
    const left = await runCli(flags, { cwd, env: env({ GAMMA_KEY: 'wrong' }) });
    expect({ code: left.code, stderr: left.stderr }).toMatchObject({ code: 0 });
    const answer = await answerIn();
    expect(answer.sentence).toContain('gamma failed at the start and was left out');
    expect(answer.providers.map(({ failed }) => failed === null)).toEqual([true, true, false]);
    expect(answer.pairs).toBeGreaterThan(10);
    const alone = await runCli(flags, { cwd, env: env({ GAMMA_KEY: 'wrong', BETA_KEY: 'wrong' }) });
    expect(alone.code).not.toBe(0);
    expect((await answerIn()).sentence).toContain('it takes two to compare');
  });

  test('interrupted leaves no process, and a partial answer of what there was', async () => {
    const mocks = await twoMocks();
    await writeFiles(entriesOf(mocks));
    const running = startCli([...ab, '120s', '--stream'], { cwd, env: env() });
    await expect.poll(() => mocks.beta.truth().requests.answered).toBeGreaterThan(30);
    running.child.kill('SIGINT');
    const { code, stdout } = await running.ended;
    expect(code).toBe(105);
    const answer = await answerIn();
    expect(answer.partial).toBe(true);
    expect(answer.pairs).toBeGreaterThan(10);
    expect(stdout).toContain('PARTIAL');
    expect(await processesIn(cwd)).toEqual([]);
  });

  test('killed, it has left an answer that says so, and no process', async () => {
    const mocks = await twoMocks();
    await writeFiles(entriesOf(mocks));
    const running = startCli([...ab, '120s', '--stream'], { cwd, env: env() });
    await expect.poll(() => mocks.beta.truth().requests.started).toBeGreaterThan(1);
    expect((await processesIn(cwd)).join('\n')).toContain('k6 run');
    running.child.kill('SIGKILL');
    await running.ended;
    expect(await answerIn()).toMatchObject({ partial: true, pairs: 0 });
    await expect.poll(() => processesIn(cwd)).toEqual([]);
  });

  test('a budget too small for one prompt to all stops it before anything is sent', async () => {
    const mocks = await twoMocks();
    await writeFiles(entriesOf(mocks));
    const { code, stderr } = await runCli([...ab, '2s'], { cwd, env: env({ LLM_BUDGET_USD: '0.001' }) });
    expect(code).not.toBe(0);
    expect(stderr).toMatch(/LLM_BUDGET_USD: got \$0.001000; one prompt to every provider may cost/);
    expect(mocks.alpha.truth().requests.started + mocks.beta.truth().requests.started).toBe(0);
  });

  test.each([
    ['no file', ['ab'], {}, /--providers: got nothing/],
    ['a file that is not there', ['ab', '--providers', 'nope.json'], {}, /LLM_PROVIDERS: got ".*nope.json"/],
    ['a folder', ['ab', '--providers', '.'], {}, /LLM_PROVIDERS: got .*not a folder/],
    [
      'a key that is not set',
      [...ab, '2s'],
      { BETA_KEY: '' },
      /BETA_KEY: got ""; expected the key of provider beta/,
    ],
    ['a duration without unit', [...ab, '20'], {}, /--duration: got "20"/],
    ['an SLO that is none', [...ab, '2s'], { LLM_SLO: 'speed:5' }, /LLM_SLO: got "speed:5"/],
    ['headers for all', [...ab, '2s'], { LLM_EXTRA_HEADERS: '{"a":"b"}' }, /LLM_EXTRA_HEADERS/],
    ['a scenario', ['ab', 'smoke'], {}, /got "smoke"/],
  ])('%s is refused by name, and nothing is sent', async (_name, args, more, message) => {
    const mocks = await twoMocks();
    await writeFiles(entriesOf(mocks));
    const { code, stderr } = await runCli(args, { cwd, env: env(more) });
    expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringMatching(message) });
    expect(mocks.alpha.truth().requests.started).toBe(0);
    expect((await readdir(cwd)).toSorted()).toEqual(['prices', 'providers.json']);
  });

  test.each([
    ['an unknown field', [{ modle: 'm' }, {}], /providers\[0\]: got "modle".*did you mean model/],
    ['two names alike', [{}, { name: 'Alpha' }], /providers\[1\]\.name: got "Alpha"/],
    ['a price file that is not there', [{ prices: 'no.json' }, {}], /prices of alpha: got ".*no.json"/],
  ])('%s in the file is refused by its place', async (_name, changes, message) => {
    const mocks = await twoMocks();
    await writeFiles(entriesOf(mocks).map((entry, index) => ({ ...entry, ...changes[index] })));
    const { code, stderr } = await runCli([...ab, '2s'], { cwd, env: env() });
    expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringMatching(message) });
  });
});

describe('the bundle alone', () => {
  test('asks every provider, tags by its name, and gives each point of k6’s JSON its pair', async () => {
    const mocks = await twoMocks();
    await writeFiles(entriesOf(mocks));
    const json = path.join(cwd, 'points.json');
    const run = await runBundle(
      'ab',
      {
        ...KEYS,
        LLM_PROVIDERS: path.join(cwd, 'providers.json'),
        LLM_TIME_SCALE: '0.015',
        LLM_THINK_TIME: '0s',
        LLM_VUS: '2',
      },
      ['--out', `json=${json}`],
    );
    expect(scriptErrors(run.output)).toEqual([]);
    expect(run.code).toBe(0);
    const { alpha, beta } = run.summary?.providers ?? {};
    expect(alpha?.succeeded).toBeGreaterThan(5);
    expect(beta?.succeeded).toBe(alpha?.succeeded);
    expect(Object.keys(run.summary?.models ?? {})).toEqual(['m', 'n']);
    expect((alpha?.costUsdPer1kRequests ?? 0) / (beta?.costUsdPer1kRequests ?? 1)).toBeGreaterThan(1.9);
    const points = (await readFile(json, 'utf8'))
      .split('\n')
      .filter((line) => line.includes('"ai_latency_ms"') && line.includes('"Point"'));
    const pairs = points.map((line): unknown => JSON.parse(line).data.metadata?.pair);
    expect(new Set(pairs).size).toBe(points.length / 2);
    expect(points.some((line) => JSON.stringify(JSON.parse(line).data.tags).includes('pair'))).toBe(false);
    expect(run.summary?.forecast?.requests).toBeGreaterThan(0);
  });

  test('without a file of providers says which setting it lacks', async () => {
    const { code, output } = await runBundle('ab', {});
    expect(code).toBe(108);
    expect(output).toMatch(/LLM_PROVIDERS: got .*expected a file of at least two providers/);
  });
});
