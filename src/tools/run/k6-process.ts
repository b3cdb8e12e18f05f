import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { constants, getPriority } from 'node:os';
import { setOwnNiceness, setSessionNiceness } from '../machine/niceness.ts';
import { type CpuUse, watchCpu } from '../machine/cpu-use.ts';
import { endWithUs } from './end-with-us.ts';

export type K6Process = {
  binary: string;
  args: readonly string[];
  env: NodeJS.ProcessEnv;
  cwd: string;
  /** Its niceness and meanwhile ours, so that what measures beside us is served first; 0 leaves both. */
  niceness: number;
  /** False: what it prints to stdout, its summary, is not shown. */
  showsSummary: boolean;
  /** Told each line of k6's log. */
  sayLog: (line: string) => void;
  /** Hands on what it prints to stdout; null: it has our terminal itself. */
  pass: ((text: Buffer) => void) | null;
  /** Given a way to say that its start is over, which is CPU that no load is to blame for. */
  onStart?: ((loadBegins: () => void) => void) | undefined;
  /** Ends it as Ctrl-C would. */
  stop?: AbortSignal | undefined;
};

export type K6Exit = {
  /** k6's own, unchanged; 128 and the signal's number when a signal ended it. */
  code: number;
  cpu: CpuUse;
};

/** As we were started: several k6s may run at once, and none must take what another one lowered for it. */
const OWN_PRIORITY = getPriority();

/** What we hand on, and as what: k6 ends gracefully at SIGINT and SIGTERM, and at nothing else. */
const HANDED_ON = { SIGINT: 'SIGINT', SIGTERM: 'SIGTERM', SIGHUP: 'SIGTERM' } as const;

/**
 * Runs k6 to its end, on our terminal. Signals that we get are handed on, so that k6 still writes its summary. It
 * has a process group of its own: Ctrl-C would reach it twice otherwise, and the second one kills it. It ends with us,
 * even when we are killed.
 */
export async function runK6Process(run: K6Process): Promise<K6Exit> {
  // On k6 itself it would hold, on Linux, for its first thread only; it inherits ours with all its threads.
  if (run.niceness !== 0) setOwnNiceness(run.niceness);
  const { pass } = run;
  const child = spawn(run.binary, run.args, {
    cwd: run.cwd,
    env: { K6_NO_USAGE_REPORT: 'true', ...run.env },
    stdio: ['ignore', !run.showsSummary ? 'ignore' : pass === null ? 'inherit' : 'pipe', 'pipe'],
    detached: process.platform !== 'win32',
  });
  child.stdout?.on('data', (chunk: Buffer) => pass?.(chunk));
  if (run.niceness !== 0) setSessionNiceness(child.pid ?? 0, run.niceness);
  if (child.stderr !== null) createInterface({ input: child.stderr }).on('line', run.sayLog);
  const cpu = watchCpu(child.pid ?? 0);
  run.onStart?.(cpu.loadBegins);
  const letGo = handSignalsOn(child);
  run.stop?.addEventListener('abort', () => void child.kill('SIGINT'), { once: true });
  const unwatch = child.pid === undefined ? null : endWithUs(child.pid);
  try {
    const code = await new Promise<number>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (exitCode, signal) => resolve(exitCode ?? 128 + signalNumber(signal)));
    });
    return { code, cpu: cpu.stop() };
  } finally {
    cpu.stop();
    letGo();
    unwatch?.();
    if (run.niceness !== 0) setOwnNiceness(OWN_PRIORITY);
  }
}

/** @returns ends it. */
function handSignalsOn(child: ChildProcess): () => void {
  const listeners = Object.entries(HANDED_ON).map(([signal, as]) => ({
    signal,
    listener: (): void => void child.kill(as),
  }));
  const endWithUs = (): void => void child.kill('SIGTERM');
  for (const { signal, listener } of listeners) process.on(signal, listener);
  process.once('exit', endWithUs);
  return () => {
    for (const { signal, listener } of listeners) process.off(signal, listener);
    process.off('exit', endWithUs);
  };
}

function signalNumber(signal: NodeJS.Signals | null): number {
  return signal === null ? 0 : constants.signals[signal];
}
