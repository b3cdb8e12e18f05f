import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';

/** A real Prometheus that takes remote writes, on a free loopback port, its files in a folder of its own. */
export type Prometheus = { address: string; stop: () => Promise<void> };

/** Said aloud by the tests that need one. */
export const PROMETHEUS_MISSING =
  'prometheus is not on this machine, so the Prometheus board was not run against one. ' +
  'Debian and Ubuntu: apt-get install -y prometheus';

/** True when `prometheus` can be started. */
export async function hasPrometheus(): Promise<boolean> {
  const child = spawn('prometheus', ['--version'], { stdio: 'ignore' });
  return new Promise((resolve) => {
    child.once('error', () => resolve(false));
    child.once('exit', (code) => resolve(code === 0));
  });
}

/** Starts one and waits until it takes requests. */
export async function startPrometheus(): Promise<Prometheus> {
  const folder = await mkdtemp(path.join(tmpdir(), 'prometheus-'));
  const config = path.join(folder, 'prometheus.yml');
  await writeFile(config, 'scrape_configs: []\n');
  const port = await freePort();
  const child = spawn(
    'prometheus',
    [
      `--config.file=${config}`,
      `--storage.tsdb.path=${path.join(folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--web.enable-remote-write-receiver',
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  await ready(child);
  return {
    address: `http://127.0.0.1:${port}`,
    stop: async () => {
      const gone = once(child, 'exit');
      child.kill('SIGTERM');
      await gone;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function ready(child: ChildProcess): Promise<void> {
  const lines = createInterface({ input: child.stderr ?? process.stdin });
  const said: string[] = [];
  await new Promise<void>((resolve, reject) => {
    child.once('exit', () => reject(new Error(`prometheus did not start:\n${said.slice(-5).join('\n')}`)));
    lines.on('line', (line) => {
      said.push(line);
      if (line.includes('Server is ready to receive web requests')) resolve();
    });
  });
}

/** Prometheus prints no port that it was given as 0, so one is asked for beforehand. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}
