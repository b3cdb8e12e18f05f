import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { PROJECT_ROOT } from '../../project-root.ts';

/** A server of ours in a process of its own: the mock, or the meter. */
export type Server = {
  /** The address it printed as its first line. */
  url: string;
  pid: number;
  /** Ends it and waits until it is gone. */
  stop: () => Promise<void>;
};

/** A server of ours did not start. The message tells why, in its words. */
export class ServerError extends Error {
  override name = 'ServerError';
}

const START_TIMEOUT_MS = 20_000;
const STOP_TIMEOUT_MS = 10_000;
const KEPT_LINES = 5;

/** Run in the server before its own code: when our end of its stdin is gone, so are we, whatever ended us. */
const END_WITH_PARENT = `data:text/javascript,${encodeURIComponent(
  "process.stdin.on('close', () => process.kill(process.pid, 'SIGTERM')).resume().unref();",
)}`;

/**
 * Starts `k6-llm <args>` and waits for the address that it prints. It ends with this process, even when that is
 * killed, and it does not hear Ctrl-C: k6's last answers still need it.
 *
 * @param complain told in one line when it ends by itself.
 * @throws ServerError with what it said when it ends, or says nothing, instead.
 */
export async function startServer(
  args: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
  complain: (line: string) => void = (line) => console.error(line),
): Promise<Server> {
  const cli = path.join(PROJECT_ROOT, 'dist', 'cli.mjs');
  const name = `k6-llm ${args[0] ?? ''}`;
  const child = spawn(process.execPath, ['--import', END_WITH_PARENT, cli, ...args], {
    env,
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: process.platform !== 'win32',
  });
  const said: string[] = [];
  createInterface({ input: child.stderr }).on('line', (line) => {
    said.push(line);
    if (said.length > KEPT_LINES) said.shift();
  });
  const url = await firstLine(child, () => `${name} did not start: ${said.join('\n')}`);
  const onEnd = (): void => complain(`${name} ended before the run did: ${said.join('\n')}`);
  child.once('exit', onEnd);
  return {
    url,
    pid: child.pid ?? 0,
    stop: async () => {
      child.off('exit', onEnd);
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
    if (url === undefined) throw new ServerError(complaint());
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
