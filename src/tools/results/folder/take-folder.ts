import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { ConfigError } from '../../../lib/parse/config-error.ts';
import { type Holder, LOCK_FILE, lockFolder } from './folder-lock.ts';
import { makeFolders, OWNER_ONLY } from './make-folders.ts';
import { keepAside } from './keep-aside.ts';
import { isOwnFile } from './own-files.ts';
import { systemCode, systemReason } from './system-reason.ts';

/** A folder that this process alone writes to, with nothing in it of an earlier run. */
export type TakenFolder = {
  /** As it was asked for. */
  folder: string;
  release: () => void;
};

/** From now on, files of this process and of those it starts can be read by their owner only. */
export function writeForOwnerOnly(): void {
  process.umask(process.umask() | 0o077);
}

/** `2026-11-25T04-31-07-stress`: names a run, as its folder and in InfluxDB. */
export function runName(scenario: string, now: Date): string {
  return `${now.toISOString().slice(0, 19).replaceAll(':', '-')}-${scenario}`;
}

/**
 * Makes a folder, or takes one that is there: what an earlier run left in it is kept aside, and that is said.
 *
 * @param isOwn tells a run's own files by their names.
 * @throws ConfigError when it cannot be made or written, or another process writes to it.
 */
export async function takeFolder(
  folder: string,
  { say, isOwn = isOwnFile }: { say: (line: string) => void; isOwn?: (name: string) => boolean },
): Promise<TakenFolder> {
  await makeFolder(folder);
  const taken = lockOrRefuse(folder);
  try {
    const aside = await keepAside(folder, isOwn);
    if (aside !== null) say(`results: ${folder} held an earlier run, which is now in ${aside}/`);
  } catch (error) {
    taken.release();
    throw unusable(folder, `an earlier run is in it and cannot be kept aside: ${systemReason(error)}`);
  }
  return taken;
}

/**
 * Makes `results/<name>`, or the first of `results/<name>-2`, `-3`, … that nobody has made yet.
 *
 * @throws ConfigError when none can be made.
 */
export async function takeNewFolder(name: string): Promise<TakenFolder> {
  await makeFolder('results');
  for (let number = 1; ; number++) {
    const folder = path.join('results', number === 1 ? name : `${name}-${number}`);
    try {
      await mkdir(folder, { mode: OWNER_ONLY });
    } catch (error) {
      if (systemCode(error) === 'EEXIST') continue;
      throw unusable(folder, systemReason(error));
    }
    return lockOrRefuse(folder);
  }
}

async function makeFolder(folder: string): Promise<void> {
  try {
    await makeFolders(path.resolve(folder));
  } catch (error) {
    const isFile = systemCode(error) === 'ENOTDIR';
    throw unusable(folder, isFile ? 'a file is in its place' : systemReason(error));
  }
}

function lockOrRefuse(folder: string): TakenFolder {
  const lock = lockOrNull(folder);
  if ('release' in lock) return { folder, release: lock.release };
  throw unusable(folder, `${describe(lock.holder)}; if that is gone, remove ${LOCK_FILE} in it`);
}

function lockOrNull(folder: string): ReturnType<typeof lockFolder> {
  try {
    return lockFolder(folder);
  } catch (error) {
    throw unusable(folder, systemReason(error));
  }
}

function describe(holder: Holder | null): string {
  if (holder === null) return 'another run is just taking it';
  return `process ${holder.pid} on ${holder.host} has been writing to it since ${holder.since.slice(0, 19)}Z`;
}

function unusable(folder: string, reason: string): ConfigError {
  return new ConfigError({
    setting: 'results folder',
    got: folder,
    expected: `a folder that this run alone can write to (${reason})`,
    example: 'LLM_RESULTS_DIR=results/another',
  });
}
