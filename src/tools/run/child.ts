import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { PROJECT_ROOT } from '../project-root.ts';

/** A server of ours in a process of its own: the mock, or the meter. */
export type Server = {
  /** The address it printed as its first line. */
  url: string;
  pid: number;
  /** Ends it and waits until it is gone. */
  stop: () => Promise<void>;
};

const START_TIMEOUT_MS = 20_000;
const STOP_TIMEOUT_MS = 10_000;

/**
 * Starts `k6-llm <args>` and waits for the address that it prints. It is ended with this process, whatever
 * ends this one short of a SIGKILL.
 *
 * @throws Error with what it said when it ends, or says nothing, instead.
 */
export async function startServer(
  args: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): Promise<Server> {
  const cli = path.join(PROJECT_ROOT, 'dist', 'cli.mjs');
  const child = spawn(process.execPath, [cli, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const endWithUs = (): void => void child.kill('SIGTERM');
  process.once('exit', endWithUs);
  const errors: string[] = [];
  createInterface({ input: child.stderr }).on('line', (line) => void errors.push(line));
  const url = await firstLine(
    child,
    () => `k6-llm ${args[0] ?? ''} did not start: ${errors.slice(-5).join('\n')}`,
  );
  return {
    url,
    pid: child.pid ?? 0,
    stop: async () => {
      process.off('exit', endWithUs);
      await end(child);
    },
  };
}

async function firstLine(child: ChildProcess, complaint: () => string): Promise<string> {
  const lines = createInterface({ input: child.stdout ?? process.stdin });
  const timer = setTimeout(() => child.kill('SIGKILL'), START_TIMEOUT_MS);
  try {
    const first = await Promise.race([once(lines, 'line'), once(child, 'exit').then(() => null)]);
    const line: unknown = first?.[0];
    const url = typeof line === 'string' ? /https?:\/\/\S+/.exec(line)?.[0] : undefined;
    if (url === undefined) throw new Error(complaint());
    return url;
  } finally {
    clearTimeout(timer);
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
  await gone;
  clearTimeout(timer);
}
