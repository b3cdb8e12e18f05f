// The tools we compare with, each in a virtual environment of its own under bench/.venv/<name>.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const bench = path.dirname(import.meta.dirname);

/** Names of the peers; each has requirements/<name>.txt, pinned. */
export const PEERS = ['locust', 'aiperf', 'guidellm'];

/** What peers run with: no look-ups of models, no telemetry. */
export const OFFLINE = {
  HF_HUB_OFFLINE: '1',
  TRANSFORMERS_OFFLINE: '1',
  HF_HUB_DISABLE_TELEMETRY: '1',
  DO_NOT_TRACK: '1',
  PYTHONUNBUFFERED: '1',
};

export function binary(peer, name = peer) {
  return path.join(bench, '.venv', peer, 'bin', name);
}

/** Installs a peer unless the same requirements are there already. @returns its version. */
export async function installPeer(peer, say) {
  const dir = path.join(bench, '.venv', peer);
  const file = path.join(bench, 'requirements', `${peer}.txt`);
  const wanted = await readFile(file, 'utf8');
  const stamp = path.join(dir, 'installed.txt');
  if (!existsSync(stamp) || (await readFile(stamp, 'utf8')) !== wanted) {
    say(`installing ${wanted.trim()} into bench/.venv/${peer}`);
    await mkdir(path.dirname(dir), { recursive: true });
    await run('python3', ['-m', 'venv', dir]);
    await run(binary(peer, 'pip'), ['install', '--quiet', '--disable-pip-version-check', '-r', file], {
      maxBuffer: 1e8,
    });
    await writeFile(stamp, wanted);
  }
  return wanted.trim().split('==')[1];
}

/** A word-level tokenizer of its own making, for the peers that will not start without one. @returns its folder. */
export async function makeTokenizer() {
  const dir = path.join(bench, '.venv', 'tokenizer');
  if (!existsSync(path.join(dir, 'tokenizer.json'))) {
    await run(binary('aiperf', 'python'), [path.join(bench, 'peers', 'tokenizer.py'), dir], {
      env: { ...process.env, ...OFFLINE },
    });
  }
  return dir;
}
