// One server of somebody else's, as a process that ends with us.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';

const START_TIMEOUT_MS = 180_000;
const POLL_MS = 200;
const STOP_TIMEOUT_MS = 10_000;

/**
 * Starts a program and waits until it answers.
 *
 * @param options.readyUrl asked until it answers 2xx.
 * @param options.logFile takes what it says.
 */
export async function startProcess(program, args, { env = {}, cwd, readyUrl, logFile }) {
  const log = openSync(logFile, 'w');
  const child = spawn(program, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', log, log],
    detached: true,
  });
  const gone = once(child, 'exit');
  const kill = (signal) => {
    // Its children too: some servers fork workers.
    try {
      process.kill(-child.pid, signal);
    } catch {
      // Gone already.
    }
  };
  const endWithUs = () => kill('SIGKILL');
  process.once('exit', endWithUs);
  const stop = async () => {
    process.off('exit', endWithUs);
    kill('SIGTERM');
    const timer = setTimeout(() => kill('SIGKILL'), STOP_TIMEOUT_MS);
    await gone;
    clearTimeout(timer);
  };
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (!(await answers(readyUrl))) {
    if (child.exitCode !== null || child.signalCode !== null || Date.now() > deadline) {
      await stop();
      throw new Error(`${program} did not start:\n${readFileSync(logFile, 'utf8').slice(-3000)}`);
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  return { pid: child.pid, stop };
}

async function answers(url) {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2000) });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}

/** A loopback port that was free a moment ago. */
export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** `{ port: 1, host: 'h' }` as a command line's `--port 1 --host h`. */
export function flagsOf(values) {
  return Object.entries(values).flatMap(([name, value]) => [`--${name}`, String(value)]);
}
