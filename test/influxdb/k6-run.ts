import { spawn } from 'node:child_process';
import { findK6 } from '../../src/tools/k6/find-k6.ts';

export type K6Result = { code: number; output: string; fromMs: number; toMs: number };

/** Runs a real k6 to its end. Its web API and usage report are off. */
export async function runK6(
  args: readonly string[],
  { env, cwd }: { env: Readonly<Record<string, string>>; cwd: string },
): Promise<K6Result> {
  const k6 = await findK6(() => {});
  const fromMs = Date.now();
  const child = spawn(k6.path, ['run', '--quiet', '--no-color', '--address', '127.0.0.1:0', ...args], {
    cwd,
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: process.env['HOME'] ?? '',
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
  const code = await new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (exitCode) => resolve(exitCode ?? -1));
  });
  return { code, output, fromMs, toMs: Date.now() };
}
