import { spawn } from 'node:child_process';
import { constants, setPriority } from 'node:os';
import { type CpuUse, watchCpu } from './cpu-sampler.ts';

export type K6Process = {
  binary: string;
  args: readonly string[];
  env: NodeJS.ProcessEnv;
  cwd: string;
  /** Added to its niceness, so that what measures beside it is served first; 0 leaves it. */
  niceness: number;
};

export type K6Exit = {
  /** k6's own, unchanged; 128 and the signal's number when a signal ended it. */
  code: number;
  cpu: CpuUse;
};

/** Runs k6 to its end, on our terminal. Signals that we get are handed on, so that k6 still writes its summary. */
export async function runK6Process({ binary, args, env, cwd, niceness }: K6Process): Promise<K6Exit> {
  const child = spawn(binary, args, { cwd, env: { K6_NO_USAGE_REPORT: 'true', ...env }, stdio: 'inherit' });
  lowerPriority(child.pid, niceness);
  const cpu = watchCpu(child.pid ?? 0);
  const forward = (signal: NodeJS.Signals): void => void child.kill(signal);
  const signals = ['SIGINT', 'SIGTERM'] as const;
  for (const signal of signals) process.on(signal, forward);
  try {
    const code = await new Promise<number>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (exitCode, signal) => resolve(exitCode ?? 128 + signalNumber(signal)));
    });
    return { code, cpu: cpu.stop() };
  } finally {
    cpu.stop();
    for (const signal of signals) process.off(signal, forward);
  }
}

function signalNumber(signal: NodeJS.Signals | null): number {
  return signal === null ? 0 : constants.signals[signal];
}

function lowerPriority(pid: number | undefined, niceness: number): void {
  if (pid === undefined || niceness === 0) return;
  try {
    setPriority(pid, niceness);
  } catch {
    // It ended already, or the system does not let us. Only accuracy is at stake, and the meter reports that.
  }
}
