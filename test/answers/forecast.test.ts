import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { sum } from '../../src/lib/numbers/mean.ts';
import { parseSample } from '../../src/lib/samples/parse-sample.ts';
import type { Summary } from '../../src/lib/summary/summary.ts';
import type { ForecastAnswer } from '../../src/tools/forecast/forecast-answer.ts';
import { findK6 } from '../../src/tools/k6/find-k6.ts';
import type { Mock } from '../../src/tools/mock/server/start-mock.ts';
import { answerProblems } from '../support/answer-schema.ts';
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
  cwd = folderOfTest('forecast');
});

/** Cached input at a tenth, and twice the price above 700 input tokens: prompts of the runs lie on both sides. */
const PRICES = {
  date: '2026-11-01',
  source: 'a contract',
  models: {
    m: {
      input: 2,
      cachedInput: 0.2,
      output: 8,
      tiers: [{ aboveInputTokens: 700, input: 4, cachedInput: 0.4, output: 16 }],
    },
    n: { input: 0.1, output: 0.4 },
  },
};

async function settings(mock: Mock, more: Record<string, string> = {}): Promise<Record<string, string>> {
  await writeFile(path.join(cwd, 'prices.json'), JSON.stringify(PRICES));
  return {
    K6_BIN,
    LLM_BASE_URL: mock.url,
    LLM_MIX: 'm=3,n=1',
    LLM_PRICES: 'prices.json',
    LLM_THINK_TIME: '0s',
    LLM_TIMEOUT: '10s',
    ...more,
  };
}

/** So that a prompt of its own is more than a block of the mock's cache. */
const LONG = 'You answer briefly. '.repeat(20);

/** Answers of many lengths, and quick ones. */
const TIMING = { ttft: '2', tpot: '0.1', tokens: 'normal:60:12' };

async function answerIn(folder: string): Promise<ForecastAnswer> {
  const answer: ForecastAnswer = JSON.parse(await readFile(path.join(cwd, folder, 'answer.json'), 'utf8'));
  expect(answerProblems(answer)).toEqual([]);
  return answer;
}

async function runSome(folder: string, requests: number, env: Record<string, string>): Promise<Summary> {
  const args = ['run', 'baseline', '--', '--quiet', '--vus', '4', '--iterations', String(requests)];
  const { stderr } = await runCli(args, { cwd, env: { ...env, LLM_RESULTS_DIR: folder } });
  const summary: Summary = JSON.parse(await readFile(path.join(cwd, folder, 'summary.json'), 'utf8'));
  expect(summary.totals.succeeded, stderr).toBe(requests);
  return summary;
}

describe('from a run, within 5 % of the dollars of the run that follows', () => {
  test.each([
    ['blocking', {}, {}],
    ['streamed', { LLM_STREAM: '1' }, {}],
    [
      'with a prefix in the cache and a tier above a length',
      { LLM_SHARED_PREFIX_TOKENS: '400', LLM_INPUT_TOKENS: 'uniform:100:500' },
      { LLM_SEED: '43' },
    ],
    ['with prompts that fill the cache as the run goes on', { LLM_SYSTEM_PROMPT: LONG }, {}],
  ])('%s', async (name, more, after) => {
    const mock = await openMock({
      timing: TIMING,
      promptCache: name.includes('cache'),
    });
    const env = await settings(mock, more);
    await runSome('before', 120, env);
    const { code, stdout, stderr } = await runCli(
      ['forecast', '--from', 'before', '--requests-per-day', '150', '--days', '10'],
      { cwd, env: { ...env, LLM_RESULTS_DIR: 'answer' } },
    );
    expect(code, stderr).toBe(0);
    const { forecast, sentence, partial } = await answerIn('answer');
    const { totals } = await runSome('after', 150, { ...env, ...after });
    const usd = totals.costUsd ?? Number.NaN;
    expect(Math.abs((forecast?.usdPerDay ?? 0) / usd - 1)).toBeLessThan(0.05);
    expect(forecast?.usdPerMonth).toBeCloseTo((forecast?.usdPerDay ?? 0) * 10, 9);
    expect(partial).toBe(false);
    expect(stdout.replace(/\s+/g, ' ')).toContain(sentence);
    const cached =
      forecast?.byModel.map(({ cachedInputTokensPerDay }) => Number(cachedInputTokensPerDay)) ?? [];
    expect(Math.min(...cached) > 0).toBe(totals.cachedInputTokens > 0);
    expect((await readdir(path.join(cwd, 'answer'))).toSorted()).toEqual([
      'answer.html',
      'answer.json',
      'answer.md',
    ]);
  });
});

test('from a run that was interrupted, by the dollars of what it asked, and it says that it is partial', async () => {
  const mock = await openMock({ timing: { ttft: '100', tpot: '1', tokens: '10' } });
  const env = await settings(mock, { LLM_RESULTS_DIR: 'before' });
  const running = startCli(['run', 'baseline', '--', '--quiet'], { cwd, env });
  await expect.poll(() => mock.truth().requests.answered).toBeGreaterThan(12);
  running.child.kill('SIGINT');
  expect((await running.ended).code).toBe(105);
  const { code, stdout, stderr } = await runCli(
    ['forecast', '--from', 'before', '--requests-per-day', '100'],
    {
      cwd,
      env: { ...env, LLM_RESULTS_DIR: 'answer' },
    },
  );
  expect(code, stderr).toBe(0);
  const { forecast, sentence } = await answerIn('answer');
  // Not of the summary: k6 may count an answer that comes as it stops in part.
  const lines = (await readFile(path.join(cwd, 'before/samples.jsonl'), 'utf8')).split('\n');
  const costsUsd = lines.flatMap((line) => parseSample(line)?.costUsd ?? []);
  expect(costsUsd.length).toBeGreaterThan(10);
  expect(forecast?.usdPerDay).toBeCloseTo(sum(costsUsd) * (100 / costsUsd.length), 9);
  expect(sentence).toMatch(/; the run that tells it is partial\.$/);
  expect(stdout).toMatch(/that run is partial: it was interrupted after/);
});

describe('from a sample of its own', () => {
  test('asks each model as often, forecasts the mix, and another one beside', async () => {
    const mock = await openMock({ timing: TIMING });
    const env = await settings(mock, { LLM_RESULTS_DIR: 'answer' });
    const { code, stderr } = await runCli(
      [
        'forecast',
        '--sample',
        '24',
        '--users',
        '10',
        '--per-user-per-day',
        '20',
        '--mix',
        'o=1,n=1',
        '--stream',
      ],
      { cwd, env },
    );
    expect(code, stderr).toBe(0);
    const { forecast } = await answerIn('answer');
    expect(forecast).toMatchObject({
      mix: 'm=3,n',
      requestsPerDay: 200,
      otherMixes: [{ mix: 'o,n', byModel: [{ model: 'o', usdPerDay: null }, { model: 'n' }] }],
    });
    const summary: Summary = JSON.parse(await readFile(path.join(cwd, 'answer', 'summary.json'), 'utf8'));
    expect(Object.values(summary.models).map(({ succeeded }) => succeeded)).toEqual([8, 8, 8]);
    const usdOf = (model: string): number => (summary.models[model]?.costUsd ?? Number.NaN) / 8;
    expect(forecast?.usdPerDay).toBeCloseTo(200 * (0.75 * usdOf('m') + 0.25 * usdOf('n')), 9);
    expect(summary.stream).toBe(true);
    // As many as are sent, and not as many as smoke would send.
    expect(stderr).toContain('about 24 requests');
    expect(summary.forecast?.requests).toBe(24);
  });

  test('is held against the budget as a whole', async () => {
    const mock = await openMock({ timing: TIMING });
    // Five requests would be within it.
    const env = await settings(mock, { LLM_BUDGET_USD: '0.02', LLM_BUDGET_MODE: 'refuse' });
    const { code, stderr } = await runCli(['forecast', '--sample', '100'], { cwd, env });
    expect(stderr).toMatch(/LLM_BUDGET_USD: the forecast of \$[\d.]+ is over the budget of \$0\.02/);
    expect(code).not.toBe(0);
    expect(mock.truth().requests.started).toBe(0);
  });

  test('interrupted leaves no process, and a partial answer of what there was', async () => {
    const mock = await openMock({ timing: { ttft: '300', tpot: '1', tokens: '10' } });
    const env = await settings(mock, { LLM_RESULTS_DIR: 'answer' });
    const running = startCli(['forecast', '--sample', '400', '--requests-per-day', '10'], { cwd, env });
    await expect.poll(() => mock.truth().requests.answered).toBeGreaterThan(12);
    running.child.kill('SIGINT');
    const { code } = await running.ended;
    expect(code).toBe(105);
    const { partial, forecast } = await answerIn('answer');
    expect(partial).toBe(true);
    expect(forecast?.usdPerDay).toBeGreaterThan(0);
    expect(await readFile(path.join(cwd, 'answer', 'answer.md'), 'utf8')).toContain('Partial');
    expect(await processesIn(cwd)).toEqual([]);
  });

  test('killed before anything was answered, it has left an answer that says so', async () => {
    const mock = await openMock({ timing: { ttft: '5000', tpot: '1', tokens: '10' } });
    const env = await settings(mock, { LLM_RESULTS_DIR: 'answer' });
    const running = startCli(['forecast', '--sample', '4'], { cwd, env });
    await expect.poll(() => mock.truth().requests.started).toBeGreaterThan(0);
    expect((await processesIn(cwd)).join('\n')).toContain('k6 run');
    running.child.kill('SIGKILL');
    await running.ended;
    expect(await answerIn('answer')).toMatchObject({ partial: true, forecast: null });
    await expect.poll(() => processesIn(cwd)).toEqual([]);
  });

  test('a server that refuses ends it with the reason, and no forecast', async () => {
    const mock = await openMock({ timing: TIMING, apiKey: 'other' });
    const env = await settings(mock, { LLM_RESULTS_DIR: 'answer', LLM_API_KEY: 'wrong' });
    const { code, stderr } = await runCli(['forecast', '--sample', '4'], { cwd, env });
    expect(code).not.toBe(0);
    expect(stderr).toContain('refused the key');
    expect(await answerIn('answer')).toMatchObject({ partial: true, forecast: null });
  });
});

test.each([
  [
    ['forecast', '--sample', '1', '--mix', 'x,y,z'],
    /--sample: got 1; expected at least one request for each/,
  ],
  [['forecast', '--mix', 'a=0'], /--mix: got "a=0"; expected weights/],
  [['forecast', '--from', 'nowhere'], /--from: nowhere: there is no such file/],
  [['forecast', '--from', '.', '--stream'], /--stream: got it with --from/],
  [['forecast', 'smok'], /there is no scenario "smok"/],
  [['forecast', '--users', '5'], /--users: got no --per-user-per-day/],
])('%j is refused by name, and nothing is sent', async (args, message) => {
  const mock = await openMock({ timing: TIMING });
  const { code, stderr } = await runCli(args, { cwd, env: await settings(mock) });
  expect(code).toBe(2);
  expect(stderr).toMatch(message);
  expect(mock.truth().requests.started).toBe(0);
  expect(await readdir(cwd)).toEqual(['prices.json']);
});

test.each([
  ['gone.json', ['--sample', '4'], /LLM_PRICES: got "\/.*gone\.json"; expected a file that is there/],
  ['gone.json', ['--from', 'run.json'], /LLM_PRICES: got "\/.*gone\.json"; expected a file that is there/],
  ['run.json', ['--sample', '4'], /LLM_PRICES run\.json: /],
])('prices in %s are refused by name, and nothing is sent: forecast %j', async (file, args, message) => {
  const mock = await openMock({ timing: TIMING });
  const env = await settings(mock, { LLM_PRICES: file });
  await writeFile(path.join(cwd, 'run.json'), '{');
  const { code, stderr } = await runCli(['forecast', ...args], { cwd, env });
  expect(code).toBe(2);
  expect(stderr).toMatch(message);
  expect(stderr).not.toContain('--from:');
  expect(mock.truth().requests.started).toBe(0);
});
