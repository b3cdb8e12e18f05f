import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { findK6 } from '../../src/tools/k6/find-k6.ts';
import { type Mock, startMock } from '../../src/tools/mock/server/start-mock.ts';
import { PROJECT_ROOT } from '../../src/tools/project-root.ts';
import { childrenOf, isRunning } from '../support/processes.ts';
import { type Attack, type AttackKind, held } from './attack.ts';

type Ended = { code: number | null; output: string };

/** Faults of the environment of `k6-llm run`: each a sentence and an exit code, nothing sent where nothing can be kept. */
export async function environmentAttacks(): Promise<AttackKind> {
  const folder = mkdtempSync(path.join(tmpdir(), 'k6-llm-attack-'));
  const mock = await startMock({ timing: { ttft: '5', tpot: '1', tokens: '8' } });
  const env = {
    PATH: process.env['PATH'] ?? '',
    HOME: folder,
    K6_BIN: (await findK6(() => {})).path,
    LLM_BASE_URL: mock.url,
    LLM_MIX: 'm',
  };
  const start = (
    args: readonly string[],
    change: Record<string, string> = {},
  ): { child: ChildProcess; ended: Promise<Ended> } =>
    startCli(args, { cwd: folder, env: { ...env, ...change } });
  const file = path.join(folder, 'file');
  writeFileSync(file, '');
  const readOnly = path.join(folder, 'read-only');
  mkdirSync(readOnly);
  chmodSync(readOnly, 0o500);
  // Root writes anywhere.
  const isRoot = process.getuid?.() === 0;
  const refusals: [string, readonly string[], Record<string, string>][] = [
    ['results in /proc', ['run', 'smoke'], { LLM_RESULTS_DIR: '/proc/x' }],
    ['results in /dev/zero', ['run', 'smoke'], { LLM_RESULTS_DIR: '/dev/zero' }],
    ['results below a file', ['run', 'smoke'], { LLM_RESULTS_DIR: path.join(file, 'x') }],
    ['a file where the folder should be', ['run', 'smoke'], { LLM_RESULTS_DIR: file }],
    ...(isRoot
      ? []
      : [
          ['a read-only folder', ['run', 'smoke'], { LLM_RESULTS_DIR: path.join(readOnly, 'x') }] as [
            string,
            string[],
            Record<string, string>,
          ],
        ]),
    ['a K6_BIN that is none', ['run', 'smoke'], { K6_BIN: file }],
    ['a data set that is not there', ['run', 'smoke'], { LLM_DATASET: 'no.json' }],
    ['a data set that is a device', ['run', 'smoke'], { LLM_DATASET: '/dev/null' }],
    ['prices that are no JSON', ['run', 'smoke'], { LLM_PRICES: file }],
    ['--http-debug', ['run', 'smoke', '--', '--http-debug'], {}],
    ['K6_HTTP_DEBUG', ['run', 'smoke'], { K6_HTTP_DEBUG: 'full' }],
    ['a scenario that is none', ['run', '../../etc/passwd'], {}],
    ['a record in a folder that is not there', ['meter', '--port', '0', '--record', 'no/such/file'], {}],
    ['a meter for everybody', ['meter', '--host', '0.0.0.0'], {}],
  ];
  const refused = refusals.map(([name, args, change]): Attack => ({
    name,
    run: async () => {
      const before = mock.truth().requests.started;
      const { code, output } = await start(args, change).ended;
      const isSentence = !/node:internal|dist\/cli\.mjs:/.test(output) && output.trim() !== '';
      const sent = mock.truth().requests.started - before;
      return held((code === 2 || code === 107) && isSentence && sent === 0, {
        code,
        sent,
        output: output.slice(0, 200),
      });
    },
  }));
  const kills = (['SIGKILL', 'SIGTERM', 'SIGINT', 'SIGHUP'] as const).flatMap((signal) =>
    [[], ['--stream'], ['--shards', '2']].map((flags): Attack => ({
      name: `${signal} for the launcher ${flags.join(' ')}`.trim(),
      run: () => killed(start, mock, { flags, signal }),
    })),
  );
  const full: Attack = {
    name: 'a record on a full disk',
    run: async () => {
      if (!existsSync('/dev/full')) return null;
      const meter = start(['meter', '--port', '0', '--record', '/dev/full']);
      const url = await firstLine(meter.child);
      const asked = {
        method: 'POST',
        body: JSON.stringify({ model: 'm', messages: [{ role: 'user', content: 'Hi' }] }),
      };
      const statuses = [
        await fetch(`${url}/v1/chat/completions`, asked),
        await fetch(`${url}/v1/chat/completions`, asked),
      ].map(({ status }) => status);
      meter.child.kill('SIGTERM');
      const { code, output } = await meter.ended;
      return held(statuses.join() === '200,200' && code === 0 && output.includes('ENOSPC'), {
        statuses,
        code,
        output,
      });
    },
  };
  return {
    kind: 'faults of the environment, signals and kills',
    attacks: [...refused, ...kills, full],
    oneByOne: true,
    close: async () => {
      await mock.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Ends a launcher in the middle of a run: everything that it started must end too, and nothing more be sent. */
async function killed(
  start: (
    args: readonly string[],
    change: Record<string, string>,
  ) => { child: ChildProcess; ended: Promise<Ended> },
  mock: Mock,
  { flags, signal }: { flags: readonly string[]; signal: NodeJS.Signals },
): Promise<string | null> {
  const before = mock.truth().requests.started;
  const run = start(['run', 'soak', ...flags], {
    LLM_RATE: '20',
    LLM_PREFLIGHT: '0',
    LLM_EXPECTED_LATENCY: '100ms',
  });
  await until(async () => mock.truth().requests.started > before + 5);
  const children = await childrenOf(run.child.pid ?? 0);
  run.child.kill(signal);
  const isOver = await until(async () => {
    const running = await Promise.all(children.map(({ pid }) => isRunning(pid)));
    return running.every((one) => !one);
  });
  await run.ended;
  return held(
    isOver && children.length > 0,
    children.map(({ command }) => command.slice(0, 60)),
  );
}

async function until(isSo: () => Promise<boolean>): Promise<boolean> {
  for (let tries = 0; tries < 300; tries++) {
    if (await isSo()) return true;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return false;
}

function startCli(
  args: readonly string[],
  { cwd, env }: { cwd: string; env: NodeJS.ProcessEnv },
): { child: ChildProcess; ended: Promise<Ended> } {
  const cli = path.join(PROJECT_ROOT, 'dist', 'cli.mjs');
  const child = spawn(process.execPath, [cli, ...args], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  child.stdout.on('data', (text: Buffer) => (output += text.toString()));
  child.stderr.on('data', (text: Buffer) => (output += text.toString()));
  const ended = new Promise<Ended>((resolve) => child.once('close', (code) => resolve({ code, output })));
  return { child, ended };
}

function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    child.stdout?.on('data', (data: Buffer) => {
      text += data.toString();
      if (text.includes('\n')) resolve(text.split('\n')[0] ?? '');
    });
  });
}
