import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { PATIENCE_MS } from '../support/patience.ts';

/** A real InfluxDB 1.x on a free loopback port, with its files in a folder of its own. */
export type Influxd = {
  /** `http://127.0.0.1:PORT`. */
  address: string;
  /** Ends it, if it still runs, and removes its files. */
  stop: () => Promise<void>;
};

/** Why there is none: said aloud by the tests that need one. */
export const INFLUXD_MISSING =
  'influxd is not on this machine, so nothing was checked against a real InfluxDB. ' +
  'Debian and Ubuntu: apt-get update && apt-get install -y influxdb';

/** True when `influxd` can be started. */
export async function hasInfluxd(): Promise<boolean> {
  const child = spawn('influxd', ['version'], { stdio: 'ignore' });
  return new Promise((resolve) => {
    child.once('error', () => resolve(false));
    child.once('exit', (code) => resolve(code === 0));
  });
}

/** Starts one and waits until it listens. */
export async function startInfluxd(): Promise<Influxd> {
  const folder = await mkdtemp(path.join(tmpdir(), 'influxd-'));
  const config = path.join(folder, 'influxdb.conf');
  await writeFile(config, configText(folder));
  const child = spawn('influxd', ['run', '-config', config], { stdio: ['ignore', 'pipe', 'pipe'] });
  const endWithUs = (): void => void child.kill('SIGKILL');
  process.once('exit', endWithUs);
  const stop = async (): Promise<void> => {
    process.off('exit', endWithUs);
    if (child.exitCode === null && child.signalCode === null) {
      const gone = once(child, 'exit');
      child.kill('SIGTERM');
      await gone;
    }
    await rm(folder, { recursive: true, force: true });
  };
  try {
    return { address: await listeningAt(child), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Port 0 everywhere: the address is read from the log. */
async function listeningAt(child: ChildProcess): Promise<string> {
  const lines = createInterface({ input: child.stderr ?? process.stdin });
  child.stdout?.resume();
  const seen: string[] = [];
  const timer = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS);
  try {
    return await new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', () => reject(new Error(`influxd did not start:\n${seen.slice(-5).join('\n')}`)));
      lines.on('line', (line) => {
        seen.push(line);
        const address = /Listening on HTTP.*\baddr=(\S+)/.exec(line)?.[1];
        if (address !== undefined) resolve(`http://${address}`);
      });
    });
  } finally {
    clearTimeout(timer);
  }
}

function configText(folder: string): string {
  return `
reporting-disabled = true
bind-address = "127.0.0.1:0"
[meta]
  dir = "${folder}/meta"
[data]
  dir = "${folder}/data"
  wal-dir = "${folder}/wal"
[monitor]
  store-enabled = false
[http]
  bind-address = "127.0.0.1:0"
  log-enabled = false
`;
}
