import { type ChildProcess, spawn } from 'node:child_process';
import { chmod, copyFile, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { findK6 } from '../../src/tools/k6/find-k6.ts';
import { PROJECT_ROOT } from '../../src/tools/project-root.ts';
import { runCli } from '../support/cli.ts';
import { openMock, QUICK } from '../support/mock.ts';
import { folderOfTest } from '../support/temporary-folder.ts';

const { path: K6 } = await findK6(() => {});
const BUNDLE = path.join(PROJECT_ROOT, 'dist/baseline.js');
/** What stands in for /opt/k6-llm in the image. */
const CLI = path.join(PROJECT_ROOT, 'dist/cli.mjs');

let folder: string;
beforeEach(async () => {
  folder = folderOfTest('pod');
  await chmod(folder, 0o777);
});

type Ended = { code: number | null; output: string };

/** The wrapper as the image has it, started as a container starts it. */
function startPod(args: readonly string[], env: Record<string, string>, outside: readonly string[] = []) {
  const [program = process.execPath, ...before] = [...outside, process.execPath];
  const child: ChildProcess = spawn(program, [...before, CLI, 'k6', '--', ...args], {
    cwd: folder,
    env: { PATH: process.env['PATH'], HOME: '/nonexistent', K6_BIN: K6, LLM_RESULTS_DIR: folder, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let output = '';
  for (const pipe of [child.stdout, child.stderr]) {
    pipe?.setEncoding('utf8').on('data', (text: string) => (output += text));
  }
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, output }));
  });
  return { child, ended, output: () => output };
}

const settings = (url: string): Record<string, string> => ({
  LLM_BASE_URL: url,
  LLM_MIX: 'm',
  LLM_VUS: '4',
  LLM_TIME_SCALE: '0.01',
  LLM_THINK_TIME: '50ms',
});

async function summaryIn(...names: string[]) {
  return JSON.parse(await readFile(path.join(folder, ...names, 'summary.json'), 'utf8'));
}

describe("k6's place in the image", () => {
  test('what is not a run goes to k6 as it is, its exit code too', async () => {
    expect((await startPod(['version'], {}).ended).output).toMatch(/^k6 v\d/);
    expect((await startPod(['no-such-command'], {}).ended).code).not.toBe(0);
  });

  test('two pods measure streams each by a meter of its own, and a job merges and judges them', async () => {
    // Four events: too few for a stream to look held back when this machine reads them late.
    const mock = await openMock({ timing: { ...QUICK, tokens: '4' } });
    const parts = ['0:1/2', '1/2:1'].map((segment, index) =>
      startPod(
        ['run', '--quiet', '--execution-segment', segment, '--execution-segment-sequence', '0,1/2,1', BUNDLE],
        {
          ...settings(mock.url),
          LLM_MIX: 'gpt-4.1',
          LLM_BUDGET_USD: '4',
          LLM_STREAM: '1',
          LLM_PART: `pod-${index}`,
        },
      ),
    );
    for (const { ended } of parts) expect(await ended).toMatchObject({ code: 0 });
    expect((await readdir(folder)).toSorted()).toEqual(['pod-0', 'pod-1']);
    const pods = await Promise.all(['pod-0', 'pod-1'].map((name) => summaryIn(name)));
    for (const { transport, models, totals, slo, settings: told } of pods) {
      expect(transport).toBe('meter');
      // Its share of the load and of the budget, and no verdict of its own.
      expect([slo.state, told.LLM_BUDGET_USD]).toEqual(['not-judged', '2']);
      expect(models['gpt-4.1'].ttftMs.count).toBe(totals.succeeded);
    }
    const merged = await runCli(
      ['report', 'pod-0', 'pod-1', '--results', 'whole', '-o', 'whole/report.html', '--judge'],
      { cwd: folder },
    );
    expect(merged).toMatchObject({ code: 0 });
    const { totals, models, settings: told } = await summaryIn('whole');
    expect(told.LLM_BUDGET_USD).toBe('4');
    const sent = pods.reduce((sum, pod) => sum + pod.totals.requestsStarted, 0);
    expect(totals.requestsStarted).toBe(sent);
    expect(models['gpt-4.1'].ttftMs.count).toBe(totals.succeeded);
    const before = pods.reduce((sum, pod) => sum + pod.totals.preflight.requests, 0);
    expect(mock.truth().requests.started).toBe(sent + before);
  });

  test('the job exits with 99 when the whole does not pass', async () => {
    const mock = await openMock();
    const env = { ...settings(mock.url), LLM_THRESHOLDS: path.join(folder, 'hard.json') };
    const thresholds = { ai_latency_ms: ['p(95)<0.001'] };
    await writeFile(env.LLM_THRESHOLDS, JSON.stringify({ name: 'hard', thresholds }));
    expect((await startPod(['run', '--quiet', BUNDLE], env).ended).code).toBe(99);
    const { code } = await runCli(['report', '.', '--judge', '--quiet'], { cwd: folder });
    expect(code).toBe(99);
  });

  test('SIGTERM during the load leaves a summary, and no process', async () => {
    const mock = await openMock();
    const { child, ended, output } = startPod(['run', BUNDLE], {
      ...settings(mock.url),
      LLM_STREAM: '1',
      LLM_TIME_SCALE: '1',
      LLM_VUS: '50',
    });
    await expect.poll(() => mock.truth().requests.answered).toBeGreaterThan(2);
    child.kill('SIGTERM');
    expect({ ...(await ended), said: output() }).toMatchObject({ code: 105 });
    const { totals } = await summaryIn();
    expect(totals.succeeded).toBeGreaterThan(0);
    // The meter was the only one who held connections.
    await expect.poll(() => mock.truth().requests.inFlight).toBe(0);
    expect(await childrenOf(child.pid ?? 0)).toEqual([]);
  });

  test('a wrong setting is told before anything starts', async () => {
    const { code, output } = await startPod(['run', BUNDLE], { LLM_VUS: 'many' }).ended;
    expect(code).toBe(2);
    expect(output).toContain('LLM_VUS');
  });
});

/** As root on Linux: another user, a root file system that nobody may write to, and the wrapper as process 1. */
const canIsolate = process.platform === 'linux' && process.getuid?.() === 0 && (await canUnshare());
if (!canIsolate)
  process.stderr.write('\nNOT CHECKED: the wrapper as PID 1 of another user, which needs root and unshare\n');

async function canUnshare(): Promise<boolean> {
  const child = spawn('unshare', ['--pid', '--fork', '--mount', 'true'], { stdio: 'ignore' });
  return new Promise((resolve) => {
    child.once('error', () => resolve(false));
    child.once('close', (code) => resolve(code === 0));
  });
}

test.skipIf(!canIsolate)(
  'as a container: process 1, user 12345, a read-only root, SIGTERM',
  async () => {
    const mock = await openMock();
    // An image's k6 is anybody's to run; the one here may be its owner's alone.
    const k6 = path.join(folder, 'k6');
    await copyFile(K6, k6);
    await chmod(k6, 0o755);
    const prepare = [
      'mount --make-rprivate /',
      'mount --bind / /mnt && mount -o remount,bind,ro /mnt',
      `mount --bind "${folder}" "/mnt${folder}"`,
      'mount -t proc proc /mnt/proc && mount --bind /dev /mnt/dev',
      // PID 1 of its name space is what exec makes of this shell.
      `exec chroot --userspec=12345:12345 /mnt "$@"`,
    ].join(' && ');
    const outside = ['unshare', '--pid', '--fork', '--kill-child', '--mount', 'sh', '-c', prepare, 'pod'];
    const { child, ended, output } = startPod(
      ['run', BUNDLE],
      { ...settings(mock.url), LLM_STREAM: '1', LLM_TIME_SCALE: '1', LLM_VUS: '50', K6_BIN: k6 },
      outside,
    );
    await expect.poll(() => mock.truth().requests.answered, { message: output() }).toBeGreaterThan(2);
    // `unshare` hands nothing on: the signal goes to process 1 itself, as a container runtime sends it.
    const [first = 0] = await childrenOf(child.pid ?? 0);
    expect(await readFile(`/proc/${first}/status`, 'utf8')).toMatch(/^NSpid:\s+\d+\s+1$/m);
    expect(await readFile(`/proc/${first}/status`, 'utf8')).toMatch(/^Uid:\s+12345\b/m);
    process.kill(first, 'SIGTERM');
    expect(await ended).toMatchObject({ code: 105 });
    expect((await summaryIn()).totals.succeeded).toBeGreaterThan(0);
  },
  90_000,
);

async function childrenOf(pid: number): Promise<number[]> {
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '');
  return text
    .split(' ')
    .filter((word) => word !== '')
    .map(Number);
}
