import { readdir, readFile, writeFile } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test, type TestContext } from 'vitest';
import { findK6 } from '../../src/tools/k6/find-k6.ts';
import { scenarioTemplate } from '../../src/tools/new/scenario-template.ts';
import type { MockOptions } from '../../src/tools/mock/server/mock-options.ts';
import { type Mock, startMock } from '../../src/tools/mock/server/start-mock.ts';
import { PROJECT_ROOT } from '../../src/tools/project-root.ts';
import { type CliResult, type RunningCli, startCli } from '../support/cli.ts';
import { QUICK } from '../support/mock.ts';
import { childrenOf, descendants, isRunning } from '../support/processes.ts';
import { folderOfTest } from '../support/temporary-folder.ts';

const SCHEMA: unknown = JSON.parse(readFileSync(path.join(PROJECT_ROOT, 'docs/answer.schema.json'), 'utf8'));
const validate = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(SCHEMA as object);

type Answer = {
  sentence: string;
  partial: boolean;
  capacity: { value: number; low: number; high: number; unit: string } | null;
  highestHeld: { load: number } | null;
  reason: string | null;
  steps: { load: number; verdict: string; tries: number }[];
};

/** 4 slots of 0.2 s: 20/s. */
const SLOW = { ttft: '200', tpot: '0', tokens: '1' };

// Side by side, since each waits for one k6 after the other: so each cleans up by its own context.
type Own = Pick<TestContext, 'onTestFinished'>;

async function openMock({ onTestFinished }: Own, options: MockOptions = {}): Promise<Mock> {
  const mock = await startMock({ timing: QUICK, ...options });
  onTestFinished(() => mock.close());
  return mock;
}

async function search(
  own: Own,
  args: readonly string[],
  { env = {}, cwd }: { env?: Record<string, string>; cwd?: string } = {},
): Promise<RunningCli & { folder: string }> {
  const folder = cwd ?? folderOfTest('search', own);
  const cli = startCli(['search', ...args], {
    cwd: folder,
    env: { K6_BIN: (await findK6(() => {})).path, LLM_MIX: 'm', LLM_RESULTS_DIR: 'found', ...env },
  });
  own.onTestFinished(() => void cli.child.kill('SIGKILL'));
  return { ...cli, folder };
}

async function answerIn(folder: string): Promise<Answer> {
  const answer = JSON.parse(await readFile(path.join(folder, 'found/answer.json'), 'utf8')) as Answer;
  expect(validate(answer) ? [] : validate.errors).toEqual([]);
  return answer;
}

function ended({ code, stdout, stderr }: CliResult): string {
  return `${code}\n${stdout}\n${stderr}`;
}

const SHORT = ['--hold', '3s', '--precision', '25%'];
/** Some k6 runs one after the other, on a machine that others use too. */

test.concurrent('finds what a mock of known capacity takes, and leaves an answer to each reader', async (own) => {
  const mock = await openMock(own, { timing: SLOW, slots: 4, queue: 10_000 });
  const { folder, ended: end } = await search(
    own,
    ['--slo', 'p95(ai_latency_ms)<600', '--min', '10', ...SHORT],
    {
      env: { LLM_BASE_URL: mock.url },
    },
  );
  const result = await end;
  const answer = await answerIn(folder);
  // A busy machine may not make the load: then it must say so, and give no number.
  if (answer.capacity === null) {
    expect(result.code, ended(result)).toBe(3);
    expect(answer.steps.some(({ verdict }) => verdict === 'not-driven')).toBe(true);
    return;
  }
  expect(result.code, ended(result)).toBe(0);
  expect(answer.capacity.value).toBeGreaterThanOrEqual(10);
  expect(answer.capacity.value).toBeLessThan(30);
  expect(answer).toMatchObject({ partial: false, reason: null });
  expect(result.stdout).toContain('It takes');
  expect((await readdir(path.join(folder, 'found'))).toSorted()).toEqual([
    'answer.html',
    'answer.json',
    'answer.md',
    'search.json',
    'steps',
  ]);
  expect(await readdir(path.join(folder, 'found/steps/01-10-per-sec-short'))).toContain('report.html');
});

test.concurrent('what the client cannot make gives no number', async (own) => {
  const mock = await openMock(own, { timing: SLOW, slots: 1000 });
  const { folder, ended: end } = await search(
    own,
    ['--slo', 'p95(ai_latency_ms)<5s', '--min', '10', ...SHORT],
    {
      env: { LLM_BASE_URL: mock.url, LLM_MAX_VUS: '3' },
    },
  );
  const result = await end;
  const answer = await answerIn(folder);
  expect(result.code, ended(result)).toBe(3);
  expect(answer.capacity).toBeNull();
  expect(answer.sentence).toMatch(/is more than this client could make|could not make even/);
  expect(answer.steps.at(-1)).toMatchObject({ verdict: 'not-driven', tries: 2 });
});

test.concurrent('a service level that fails at once says that', async (own) => {
  const mock = await openMock(own, { timing: SLOW });
  const { folder, ended: end } = await search(
    own,
    ['--slo', 'p95(ai_latency_ms)<100', '--by', 'vus', '--min', '2', ...SHORT],
    { env: { LLM_BASE_URL: mock.url, LLM_THINK_TIME: '0s' } },
  );
  expect((await end).code).toBe(3);
  const answer = await answerIn(folder);
  expect(answer).toMatchObject({ capacity: null, partial: false, highestHeld: null });
  expect(answer.sentence).toMatch(
    /even at 2 users, the lowest load tried: p95\(ai_latency_ms\) was 2\d\d ms/,
  );
});

/** Another target, or another question, is no search to resume. */
async function expectRefusals(own: Own, folder: string, env: Record<string, string>): Promise<void> {
  const refused = async (args: readonly string[], more: Record<string, string> = {}): Promise<string> => {
    const again = await search(own, ['--resume', ...args], { env: { ...env, ...more }, cwd: folder });
    const { code, stderr } = await again.ended;
    expect(code, stderr).toBe(2);
    return stderr;
  };
  expect(await refused(['--slo', 'error_rate<2%'])).toMatch(
    /--slo: got "error_rate<2%"; expected what the search began with/,
  );
  expect(await refused([], { LLM_MAX_TOKENS: '77' })).toMatch(/LLM_MAX_TOKENS: got "77"/);
}

test.concurrent.for(['SIGINT', 'SIGKILL'] as const)(
  'ended by %s it leaves no process and a partial answer, and --resume goes on',
  async (signal, own) => {
    const mock = await openMock(own, { timing: { ttft: '20', tpot: '0', tokens: '1' } });
    const args = ['--slo', 'p95(ai_latency_ms)<5s', '--min', '5', '--max', '10', ...SHORT];
    const env = { LLM_BASE_URL: mock.url };
    const { folder, child, ended: end, output } = await search(own, args, { env });
    // Its second step goes on.
    await expect.poll(output).toContain('10 requests/s');
    await expect.poll(() => mock.truth().requests.started).toBeGreaterThan(40);
    const children = await childrenOf(child.pid ?? 0);
    child.kill(signal);
    const { code } = await end;
    const running = async (): Promise<boolean> =>
      (await Promise.all(children.map(({ pid }) => isRunning(pid)))).includes(true);
    await expect.poll(running).toBe(false);
    if (signal === 'SIGINT') expect(code).toBe(105);
    const partial = await answerIn(folder);
    expect(partial).toMatchObject({ partial: true, capacity: null, highestHeld: { load: 5 } });
    expect(partial.sentence).toContain('Interrupted');
    if (signal === 'SIGINT') await expectRefusals(own, folder, env);
    const resumed = await search(own, ['--resume'], { env, cwd: folder });
    const result = await resumed.ended;
    expect(result.code, ended(result)).toBe(3);
    expect(result.stderr).toContain('1 step is there already');
    const answer = await answerIn(folder);
    expect(answer).toMatchObject({ partial: false, highestHeld: { load: 10 } });
    expect(answer.steps.map(({ load }) => load)).toEqual([5, 10]);
  },
);

test.concurrent('a k6 that the system kills is told as that, and is no interruption', async (own) => {
  const mock = await openMock(own);
  const args = ['--slo', 'p95(ai_latency_ms)<5s', '--min', '5', ...SHORT];
  const { folder, child, ended: end } = await search(own, args, { env: { LLM_BASE_URL: mock.url } });
  await expect.poll(() => mock.truth().requests.started).toBeGreaterThan(5);
  for (const pid of await descendants(child.pid ?? 0, 'k6 run ')) process.kill(pid, 'SIGKILL');
  const result = await end;
  expect(result.code, ended(result)).toBe(137);
  const answer = await answerIn(folder);
  expect(answer).toMatchObject({ partial: true, capacity: null });
  expect(answer.reason).toMatch(/^k6 was killed \(SIGKILL\).*; --resume goes on$/);
  expect(answer.sentence).not.toContain('Interrupted');
});

test.concurrent.for<[string[], RegExp]>([
  [[], /--slo: got ""/],
  [['--slo', 'p95(ai_ttft_ms)<1000'], /blocking answers come in one piece/],
  [
    ['--slo', 'error_rate<1%', '--min', '9', '--max', '3'],
    /--max: got "3"; expected at least --min, which is 9/,
  ],
  [['--slo', 'error_rate<1%', '--by', 'users'], /--by: got "users"/],
  [['--slo', 'error_rate<1%', '--precision', '5'], /--precision: got "5"/],
  [['--slo', 'error_rate<1%', '--hold', '30'], /--hold: got "30"/],
  [['--slo', 'error_rate<1%', '--budget', '-1'], /--budget/],
  [['--slo', 'error_rate<1%', 'basline'], /did you mean|there is no scenario "basline"/],
  [['--slo', 'error_rate<1%', '--budget', '0.0001'], /LLM_BUDGET_USD|--budget/],
  [['--resume'], /--resume: got/],
  [['ab', '--slo', 'error_rate<1%'], /LLM_PROVIDERS: got ""; expected a file of at least two providers/],
])('%j is refused before anything is sent', async ([args, message], own) => {
  const mock = await openMock(own);
  const { ended: end } = await search(own, args, { env: { LLM_BASE_URL: mock.url, LLM_MIX: 'gpt-4.1' } });
  const result = await end;
  expect(result.code, ended(result)).toBe(2);
  expect(result.stderr + result.stdout).toMatch(message);
  expect(mock.truth().requests.started).toBe(0);
});

test("a scenario of one's own is built before it is searched", async (own) => {
  const mock = await openMock(own);
  const cwd = folderOfTest('search', own);
  await writeFile(path.join(cwd, 'mine.ts'), scenarioTemplate('mine'));
  await writeFile(path.join(cwd, 'half.ts'), 'export default function (');
  const refusedWith = async (args: readonly string[]): Promise<string> => {
    const { ended: end } = await search(own, args, { env: { LLM_BASE_URL: mock.url }, cwd });
    const result = await end;
    expect(result.code, ended(result)).toBe(2);
    return result.stderr;
  };
  // Refused for its service level, once it was built.
  expect(await refusedWith(['./mine.ts', '--slo', 'p95(ai_ttft_ms)<1000'])).toMatch(
    /dist\/mine\.js: .*blocking answers come in one piece/s,
  );
  expect(await refusedWith(['./half.ts', '--slo', 'error_rate<1%'])).toContain('half.ts');
  expect(mock.truth().requests.started).toBe(0);
});
