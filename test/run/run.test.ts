import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Summary } from '../../src/lib/summary/summary.ts';
import { findK6 } from '../../src/tools/k6/find-k6.ts';
import { parseFaultRule } from '../../src/tools/mock/faults/draw-faults.ts';
import { CLI, runCli, runProgram, startCli } from '../support/cli.ts';
import { openInfluxStandIn } from '../support/servers/influx-stand-in.ts';
import { openMock, QUICK } from '../support/mock.ts';
import { descendants, processesIn } from '../support/processes.ts';
import { folderOfTest } from '../support/temporary-folder.ts';

let K6_BIN = '';
let cwd = '';
beforeAll(async () => {
  K6_BIN = (await findK6(() => {})).path;
});
beforeEach(() => {
  cwd = folderOfTest('run');
});

const summaryIn = async (folder: string): Promise<Summary> =>
  JSON.parse(await readFile(path.join(cwd, folder, 'summary.json'), 'utf8'));

/** Everything that a run against this mock needs, and a results folder. */
const settings = (mock: { url: string }, other: Record<string, string> = {}): Record<string, string> => ({
  K6_BIN,
  LLM_BASE_URL: mock.url,
  LLM_MIX: 'm',
  LLM_RESULTS_DIR: 'out',
  LLM_THINK_TIME: '0s',
  LLM_TIMEOUT: '10s',
  ...other,
});

const FILES = ['junit.xml', 'report.html', 'samples.jsonl', 'stats.csv', 'summary.json', 'summary.md'];

describe('a run', () => {
  test.runIf(process.platform === 'linux')(
    'says which limit of the system its connections would pass, before its first request',
    async () => {
      const mock = await openMock();
      const env = settings(mock, { LLM_VUS: '60', LLM_TIME_SCALE: '0.001' });
      const run = 'ulimit -n 150 && exec "$0" "$@"';
      const args = ['-c', run, process.execPath, CLI, 'run', 'baseline', '--stream', '--meters', '1'];
      const { stderr } = await runProgram('sh', args, { cwd, env });
      const told = stderr.indexOf('open files: each k6 needs 160 for 60 requests at a time');
      expect(told).toBeGreaterThanOrEqual(0);
      expect(stderr).toContain('each meter needs 220 for 60 requests at a time');
      expect(stderr.indexOf('baseline against ')).toBeGreaterThan(told);
    },
  );

  test('leaves samples, histograms and every report, in a folder of its own', async () => {
    const mock = await openMock();
    const env = settings(mock, { LLM_RESULTS_DIR: '' });
    const { code, stdout, stderr } = await runCli(['run', 'smoke', '--', '--quiet'], { cwd, env });
    expect(code, stderr).toBe(0);
    const [name, ...more] = await readdir(path.join(cwd, 'results'));
    expect(name).toMatch(/^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d-smoke$/);
    expect(more).toEqual([]);
    const folder = path.join('results', name ?? '');
    expect((await readdir(path.join(cwd, folder))).toSorted()).toEqual(FILES);
    expect(stderr).toContain(`results: ${folder}/`);
    const summary = await summaryIn(folder);
    expect(summary.totals).toMatchObject({ requestsFinished: 5, succeeded: 5 });
    expect(summary.histograms).not.toBeNull();
    const samples = await readFile(path.join(cwd, folder, 'samples.jsonl'), 'utf8');
    expect(samples.match(/^\["llm-s2"/gm)).toHaveLength(5);
    expect(await readFile(path.join(cwd, folder, 'report.html'), 'utf8')).toContain('smoke');
    // What the script says reaches the person; samples do not.
    expect(stderr).toMatch(/^smoke against /m);
    expect(stdout + stderr).not.toContain('llm-s2');
    expect(await processesIn(cwd)).toEqual([]);
  });

  test('in a used folder counts itself only, and keeps the earlier run aside', async () => {
    const mock = await openMock();
    const args = ['run', 'smoke', '--', '--quiet'];
    await runCli(args, { cwd, env: settings(mock) });
    const first = await readFile(path.join(cwd, 'out', 'summary.json'), 'utf8');
    const { code, stderr } = await runCli(args, { cwd, env: settings(mock) });
    expect(code).toBe(0);
    expect(stderr).toContain('results: out held an earlier run, which is now in out.1/');
    expect(await readFile(path.join(cwd, 'out.1', 'summary.json'), 'utf8')).toBe(first);
    expect((await readdir(path.join(cwd, 'out.1'))).toSorted()).toEqual(FILES);
    for (const name of FILES) expect((await stat(path.join(cwd, 'out', name))).mode & 0o077, name).toBe(0);
    const samples = await readFile(path.join(cwd, 'out', 'samples.jsonl'), 'utf8');
    expect(samples.match(/^\["llm-s2"/gm)).toHaveLength(5);
    expect((await summaryIn('out')).totals.requestsFinished).toBe(5);
  });

  test('two at once into one folder: the second is refused before it sends anything', async () => {
    const mock = await openMock({ timing: { ttft: '600', tpot: '0', tokens: '1' } });
    const env = settings(mock);
    const first = startCli(['run', 'smoke', '--', '--quiet'], { cwd, env });
    await expect.poll(() => mock.truth().requests.started).toBeGreaterThan(0);
    const second = await runCli(['run', 'smoke'], { cwd, env });
    expect(second.code).toBe(2);
    expect(second.stderr).toMatch(
      /got "out"; expected a folder that this run alone can write to \(process \d+ on/,
    );
    expect((await first.ended).code).toBe(0);
    expect((await summaryIn('out')).totals.requestsFinished).toBe(5);
    // Preflight's one, and the five of the one run.
    expect(mock.truth().requests.started).toBe(6);
  });

  test.each([
    ['a folder of the system', { LLM_RESULTS_DIR: '/proc/x' }, '"/proc/x"; expected a folder'],
    ['a file where a folder should be', { LLM_RESULTS_DIR: 'file' }, 'a file is in its place'],
    ['no folder for temporary files', { LLM_DATASET: 'file', TMPDIR: '/nowhere' }, 'TMPDIR: got "/nowhere"'],
    [
      'prompts without an end',
      { LLM_DATASET: '/dev/zero' },
      'LLM_DATASET: got "/dev/zero"; expected a regular',
    ],
    ['prices without an end', { LLM_PRICES: '/dev/zero' }, 'LLM_PRICES: got "/dev/zero"; expected a regular'],
    ['thresholds without an end', { LLM_THRESHOLDS: '/dev/zero' }, 'LLM_THRESHOLDS: got "/dev/zero"'],
    ['a trace without an end', { LLM_ARRIVALS: 'trace:/dev/zero' }, 'LLM_ARRIVALS: got "/dev/zero"'],
    ['prices that are not there', { LLM_PRICES: 'gone.json' }, 'gone.json"; expected a file that is there'],
    ['a folder of prompts', { LLM_DATASET: '/tmp' }, 'a regular file, not a folder'],
  ])('%s: a sentence, exit 2, and nothing sent', async (_title, wrong: Record<string, string>, message) => {
    const mock = await openMock();
    await writeFile(path.join(cwd, 'file'), '{"prompt":"one"}\n');
    const { code, stderr } = await runCli(['run', 'smoke'], { cwd, env: settings(mock, wrong) });
    expect(stderr).toContain(message);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(code).toBe(2);
    expect(mock.truth().requests.started).toBe(0);
  });

  // k6's own summary.json of one model has some 25 kB, the finished one over 28: with 8 kB, k6 too is stopped in the middle.
  test.each([26, 8])(
    'on a disk with room for %i kB says what is missing, and keeps its exit code',
    async (kilobytes) => {
      const mock = await openMock();
      const script = `ulimit -f ${kilobytes}; exec "$@"`;
      const limited = ['-c', script, 'bash', process.execPath, CLI, 'run', 'smoke', '--', '--quiet'];
      const { code, stderr } = await runProgram('bash', limited, { cwd, env: settings(mock) });
      expect(code, stderr).toBe(0);
      expect(stderr).toMatch(
        /^results: not written: .*(report\.html|summary\.json) \(file too large\); what was there before is/m,
      );
      expect(stderr).not.toMatch(/^\s+at /m);
      const left = await readdir(path.join(cwd, 'out'));
      expect(left.filter((name) => name.endsWith('.part'))).toEqual([]);
      expect(await readFile(path.join(cwd, 'out', 'summary.md'), 'utf8')).toContain('smoke');
      if (kilobytes > 20) expect((await summaryIn('out')).totals.succeeded).toBe(5);
    },
  );

  test('tells why requests failed, whichever VU met it, and each reason once', async () => {
    const faults = ['server_500=1@rare', 'reset=1@cut'].map(parseFaultRule);
    const mock = await openMock({ faults, timing: { ttft: '20', tpot: '0', tokens: '1' } });
    const mix = { LLM_MIX: 'usual=80,rare=10,cut=10', LLM_PREFLIGHT: '0' };
    const env = settings(mock, { ...mix, LLM_VUS: '12', LLM_TIME_SCALE: '0.008', LLM_THRESHOLDS: 'batch' });
    const { stderr } = await runCli(['run', 'baseline', '--', '--quiet'], { cwd, env });
    const { models, notes } = await summaryIn('out');
    for (const model of ['rare', 'cut']) {
      const failed = models[model]?.failed ?? 0;
      expect(failed, model).toBeGreaterThan(3);
      const told = stderr.match(new RegExp(`^${model} failed, \\w+: .{8,}$`, 'gm')) ?? [];
      expect(told.length, model).toBeGreaterThan(0);
      expect(told.length, model).toBeLessThanOrEqual(3);
    }
    expect(stderr).not.toContain('Request Failed');
    expect(notes.join()).not.toContain('half-written');
  });

  test('takes settings behind -- like those of the shell', async () => {
    const mock = await openMock({ keepBodies: true });
    const args = ['run', 'smoke', '--', '--quiet', '-e', 'LLM_MAX_TOKENS=33', '-e', 'LLM_RESULTS_DIR=mine'];
    const { code } = await runCli(args, { cwd, env: settings(mock) });
    expect(code).toBe(0);
    expect((await summaryIn('mine')).settings['LLM_MAX_TOKENS']).toBe('33');
  });

  test('a large data set is made small for k6, and removed', async () => {
    const mock = await openMock();
    const row = JSON.stringify({ prompt: 'Name a bird.', output: 'x'.repeat(200_000) });
    await writeFile(path.join(cwd, 'own.jsonl'), `${row}\n`.repeat(100));
    const env = settings(mock, { LLM_DATASET: 'own.jsonl', TMPDIR: cwd });
    const { code, stderr } = await runCli(['run', 'smoke', '--', '--quiet'], { cwd, env });
    expect(code, stderr).toBe(0);
    expect(stderr).toContain('LLM_DATASET: all 100 usable rows');
    expect((await readdir(cwd)).toSorted()).toEqual(['out', 'own.jsonl']);
  });
});

describe("k6's exit code is passed through", () => {
  const SCRIPTS = {
    99: `export const options = { thresholds: { iterations: ['count>5'] } }; export default () => {};`,
    104: `export const options = { scenarios: { a: { executor: 'nope' } } }; export default () => {};`,
    107: `throw new Error('broken'); export default () => {};`,
    108: `import exec from 'k6/execution'; export default () => exec.test.abort('enough');`,
  };

  test.each(Object.entries(SCRIPTS))('%s', async (code, script) => {
    await writeFile(path.join(cwd, 'own.js'), script);
    const env = { K6_BIN, LLM_RESULTS_DIR: 'out' };
    const result = await runCli(['run', 'own.js', '--', '--quiet'], { cwd, env });
    expect(result.code).toBe(Number(code));
  });

  test('99 when a scenario fails its thresholds, with everything written', async () => {
    const mock = await openMock({ faults: [parseFaultRule('server_500=1')] });
    const env = settings(mock, { LLM_PREFLIGHT: '0' });
    const { code } = await runCli(['run', 'smoke', '--', '--quiet'], { cwd, env });
    expect(code).toBe(99);
    expect((await readdir(path.join(cwd, 'out'))).toSorted()).toEqual(FILES);
    expect((await summaryIn('out')).slo.state).toBe('fail');
  });

  test('107 when nothing answers', async () => {
    const env = settings({ url: 'http://127.0.0.1:9/v1' });
    const { code, stderr } = await runCli(['run', 'smoke', '--', '--quiet'], { cwd, env });
    expect(code, stderr).toBeOneOf([107, 108]);
    expect(stderr).toContain('nothing answers');
  });
});

test.each(['SIGINT', 'SIGTERM'] as const)('%s ends a run with its summary', async (signal) => {
  const mock = await openMock();
  const run = startCli(['run', 'baseline'], { cwd, env: settings(mock) });
  await expect.poll(() => mock.truth().requests.started).toBeGreaterThan(3);
  run.child.kill(signal);
  expect((await run.ended).code).toBe(105);
  const { totals, histograms } = await summaryIn('out');
  expect(totals.requestsFinished).toBeGreaterThan(0);
  expect(histograms).not.toBeNull();
  expect(mock.truth().requests.inFlight).toBe(0);
});

describe('--shards', () => {
  test('divides a load, and merges what its parts counted', async () => {
    const mock = await openMock();
    const env = settings(mock, { LLM_TIME_SCALE: '0.005', LLM_VUS: '6', LLM_THRESHOLDS: 'batch' });
    const { code, stdout, stderr } = await runCli(['run', 'baseline', '--shards', '2'], { cwd, env });
    expect(code, stderr).toBe(0);
    const parts = await Promise.all([summaryIn('out/shard-0'), summaryIn('out/shard-1')]);
    const whole = await summaryIn('out');
    const finished = parts.map(({ totals }) => totals.requestsFinished);
    expect(Math.min(...finished)).toBeGreaterThan(0);
    expect(whole.totals.requestsFinished).toBe(finished.reduce((a, b) => a + b, 0));
    const { requests, totals } = mock.truth();
    expect(whole.totals.requestsFinished + whole.totals.preflight!.requests).toBe(requests.started);
    expect(whole.totals.outputTokens + whole.totals.preflight!.outputTokens).toBe(totals.outputTokens);
    expect(whole.notes.join('\n')).toContain('the thresholds are judged on the samples of all');
    expect(parts.map(({ slo }) => slo.state)).toEqual(['not-judged', 'not-judged']);
    expect(whole.slo.state).toBe('pass');
    // One table, one announcement.
    expect(stdout.match(/baseline {2}PASS/g)).toHaveLength(1);
    expect(stderr.match(/baseline against/g)).toHaveLength(1);
    expect((await readdir(path.join(cwd, 'out'))).toSorted()).toEqual(
      [...FILES.filter((name) => name !== 'samples.jsonl'), 'shard-0', 'shard-1'].toSorted(),
    );
  });

  test('a k6 that is killed loses none of the others, nor what it had measured', async () => {
    const mock = await openMock({ timing: { ttft: '50', tpot: '0', tokens: '1' } });
    const env = settings(mock, { LLM_TIME_SCALE: '0.02', LLM_VUS: '6', LLM_THRESHOLDS: 'batch' });
    const { child, ended } = startCli(['run', 'baseline', '--shards', '2'], { cwd, env });
    await expect.poll(() => mock.truth().requests.started).toBeGreaterThan(20);
    const [k6] = await descendants(child.pid ?? 0, '--execution-segment');
    process.kill(k6 ?? 0, 'SIGKILL');
    const { code, stderr } = await ended;
    expect(code, stderr).toBe(137);
    const whole = await summaryIn('out');
    expect(whole.slo.state).toBe('not-judged');
    const samples = await Promise.all(
      ['shard-0', 'shard-1'].map((shard) => readFile(path.join(cwd, 'out', shard, 'samples.jsonl'), 'utf8')),
    );
    const counts = samples.map((text) => text.match(/^\["llm-s2".*\]$/gm)?.length ?? 0);
    expect(Math.min(...counts)).toBeGreaterThan(0);
    expect(whole.totals.requestsFinished).toBe(counts.reduce((sum, count) => sum + count, 0));
    expect(whole.target).toBe(mock.url);
  });

  test('Ctrl-C: no part and not the whole is judged', async () => {
    const mock = await openMock({ timing: { ttft: '50', tpot: '0', tokens: '1' } });
    const env = settings(mock, { LLM_TIME_SCALE: '0.1', LLM_VUS: '6', LLM_THRESHOLDS: 'batch' });
    const { child, ended } = startCli(['run', 'baseline', '--shards', '2'], { cwd, env });
    await expect.poll(() => mock.truth().requests.answered).toBeGreaterThan(20);
    child.kill('SIGINT');
    const { code, stdout } = await ended;
    expect(code).toBe(105);
    expect(stdout).toMatch(/baseline {2}INTERRUPTED after \d+(\.\d)? s of 48 s/);
    for (const folder of ['out', 'out/shard-0', 'out/shard-1']) {
      const { slo, interrupted } = await summaryIn(folder);
      expect({ folder, state: slo.state, plannedMs: interrupted?.plannedMs }).toEqual({
        folder,
        state: 'not-judged',
        plannedMs: 48_000,
      });
    }
    const page = await readFile(path.join(cwd, 'out', 'report.html'), 'utf8');
    expect(page).toMatch(/Not judged: interrupted/);
    expect(page).toMatch(/INTERRUPTED after/);
  });

  test('ends with the worst exit code', async () => {
    const script = `
      import exec from 'k6/execution';
      export const options = { vus: 2, iterations: 2 };
      export default () => { if (exec.test.options.executionSegment === '0:1/2') exec.test.abort('enough'); };`;
    await writeFile(path.join(cwd, 'own.js'), script);
    const env = { K6_BIN, LLM_RESULTS_DIR: 'out' };
    const { code } = await runCli(['run', 'own.js', '--shards', '2'], { cwd, env });
    expect(code).toBe(108);
  });
});

describe('--influxdb', () => {
  test('a server that does not answer stops the run before it sends anything', async () => {
    const mock = await openMock();
    const args = ['run', 'smoke', '--influxdb', 'http://127.0.0.1:9/k6'];
    const { code, stderr } = await runCli(args, { cwd, env: settings(mock) });
    expect(code).toBe(2);
    expect(stderr).toContain('InfluxDB at http://127.0.0.1:9/k6 cannot be used');
    expect(mock.truth().requests.started).toBe(0);
  });

  const runWith = async (url: string, env: Record<string, string> = {}) => {
    const mock = await openMock();
    const args = ['run', 'smoke', '--influxdb', url, '--', '--quiet'];
    const result = await runCli(args, { cwd, env: settings(mock, env) });
    return { ...result, summary: await summaryIn('out') };
  };

  test('points that did not arrive end a good run with 3, and are told', async () => {
    const { address } = await openInfluxStandIn({ version: '1.8.10', token: 'pw-secret', loses: /^ai_/ });
    const { code, stdout, stderr } = await runWith(`${address.replace('//', '//me:pw-secret@')}/k6`);
    expect(code, stderr).toBe(3);
    expect(stderr).toContain('INFLUXDB LOST POINTS');
    expect(stdout + stderr).not.toContain('pw-secret');
  });

  test('InfluxDB 2: the token of the shell is the password of its 1.x endpoint, the bucket the database', async () => {
    const store = await openInfluxStandIn({ version: 'v2.7.1', token: 'my-token', buckets: ['tests'] });
    const { code, stdout, stderr, summary } = await runWith(`${store.address}/tests`, {
      INFLUX_TOKEN: 'my-token',
    });
    expect(code, stderr).toBe(0);
    expect(stderr).toMatch(/InfluxDB \S+ holds all \d+ points/);
    expect(store.points().get('ai_requests_finished')).toBe(summary.totals.requestsFinished);
    expect(stdout + stderr).not.toContain('my-token');
  });

  test('VictoriaMetrics, which answers InfluxQL with nothing: its points are counted by PromQL', async () => {
    const store = await openInfluxStandIn({ version: '1.8.0', reads: 'promql' });
    const { code, stderr } = await runWith(`${store.address}/k6`);
    expect(code, stderr).toBe(0);
    expect(stderr).toMatch(/InfluxDB \S+ holds all \d+ points/);
  });
});

test('a run that setup refuses long before its first request says why in each of its files', async () => {
  const mock = await openMock({ apiKey: 'right' });
  // One user, who comes after a minute.
  const env = settings(mock, { LLM_API_KEY: 'sk-wrong-0123456789', LLM_VUS: '1' });
  const { code, stderr } = await runCli(['run', 'baseline', '--', '--quiet'], { cwd, env });
  expect(code).toBe(108);
  expect(stderr).toMatch(/refused the key \(HTTP 401\); set LLM_API_KEY/);
  const summary = await summaryIn('out');
  expect(summary.stopped).toMatch(/refused the key \(HTTP 401\); set LLM_API_KEY/);
  expect(summary.interrupted).toBeNull();
  for (const name of ['summary.md', 'junit.xml', 'report.html'])
    expect(await readFile(path.join(cwd, 'out', name), 'utf8'), name).toContain('refused the key (HTTP 401)');
});

test("--k6-dashboard gives k6's dashboard a layout with the run's own models, and says where it is", async () => {
  const mock = await openMock();
  const env = settings(mock, { LLM_MIX: 'my-own-model' });
  const { stderr } = await runCli(['run', 'smoke', '--k6-dashboard', '--', '--quiet'], { cwd, env });
  expect(stderr).toMatch(/k6's dashboard: (http:\/\/127\.0\.0\.1:5665|the address that k6 prints)/);
  const layout = await readFile(path.join(cwd, 'out', 'dashboard-layout.json'), 'utf8');
  expect(layout).toContain('my-own-model');
});

describe('--stream', () => {
  test('measures tokens through a meter of its own, and ends it', async () => {
    const mock = await openMock({ apiKey: 'sk-secret-key' });
    const env = settings(mock, { LLM_API_KEY: 'sk-secret-key' });
    const args = ['run', 'smoke', '--stream', '--', '--quiet'];
    const { code, stdout, stderr } = await runCli(args, { cwd, env });
    expect(code, stderr).toBe(0);
    const { models, transport, totals } = await summaryIn('out');
    expect(transport).toBe('meter');
    expect(totals.succeeded).toBe(5);
    expect(models['m']?.ttftMs.count).toBe(5);
    expect(stdout + stderr).not.toContain('sk-secret-key');
    expect(mock.truth().streams['started']).toBe(6);
  });

  test('LLM_TRANSPORT=meter carries blocking answers through one too', async () => {
    const mock = await openMock();
    const env = settings(mock, { LLM_TRANSPORT: 'meter' });
    const { code } = await runCli(['run', 'smoke', '--', '--quiet'], { cwd, env });
    expect(code).toBe(0);
    expect(await summaryIn('out')).toMatchObject({ transport: 'meter', stream: false });
  });

  test('shards share meters', async () => {
    // Four events: too few for a stream to look held back when this machine reads them late.
    const mock = await openMock({ timing: { ...QUICK, tokens: '4' } });
    const env = settings(mock, { LLM_TIME_SCALE: '0.005', LLM_VUS: '4', LLM_THRESHOLDS: 'streaming' });
    const args = ['run', 'baseline', '--stream', '--shards', '2', '--meters', '2'];
    const { code, stderr } = await runCli(args, { cwd, env });
    expect(code, stderr).toBe(0);
    const { totals, models } = await summaryIn('out');
    expect(totals.succeeded + totals.preflight!.requests).toBe(mock.truth().requests.started);
    expect(models['m']?.ttftMs.count).toBe(totals.succeeded);
  });

  test('a meter that cannot start ends with 107, before anything is sent', async () => {
    const mock = await openMock();
    await writeFile(path.join(cwd, 'broken.json'), '{');
    const env = settings(mock, { LLM_BUDGET_USD: '1', LLM_PRICES: 'broken.json' });
    const { code, stderr } = await runCli(['run', 'smoke', '--stream'], { cwd, env });
    expect(code).toBe(107);
    expect(stderr).toContain('k6-llm meter did not start');
    expect(mock.truth().requests.started).toBe(0);
  });
});
