import { type ChildProcess, spawn } from 'node:child_process';
import { findK6 } from '../../src/tools/k6/find-k6.ts';

export type K6Result = { code: number; output: string; fromMs: number; toMs: number };

type Surroundings = { env: Readonly<Record<string, string>>; cwd: string };

export type RunningK6 = {
  child: ChildProcess;
  /** What it has said so far, on both. */
  output: () => string;
  ended: Promise<K6Result>;
};

/** Starts a real k6. Its web API and usage report are off. */
export async function startK6(args: readonly string[], { env, cwd }: Surroundings): Promise<RunningK6> {
  const k6 = await findK6(() => {});
  const fromMs = Date.now();
  const child = spawn(k6.path, ['run', '--quiet', '--no-color', '--address', '127.0.0.1:0', ...args], {
    cwd,
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: process.env['HOME'] ?? '',
      GOGC: process.env['GOGC'] ?? '',
      K6_NO_USAGE_REPORT: 'true',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const collect = (chunk: Buffer): void => {
    output += chunk.toString();
  };
  child.stdout.on('data', collect);
  child.stderr.on('data', collect);
  const ended = new Promise<K6Result>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code: code ?? -1, output, fromMs, toMs: Date.now() }));
  });
  return { child, output: () => output, ended };
}

/** Runs a real k6 to its end. */
export async function runK6(args: readonly string[], surroundings: Surroundings): Promise<K6Result> {
  return (await startK6(args, surroundings)).ended;
}
