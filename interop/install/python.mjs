// Python packages, each set in a virtual environment of its own.
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { cacheFolder } from './cache.mjs';
import { runQuietly } from './run-quietly.mjs';

/** A set's pinned packages: `requirements/<name>.txt`. */
export function requirementsFile(name) {
  return path.join(import.meta.dirname, '../requirements', `${name}.txt`);
}

/**
 * Installs `requirements/<name>.txt`, unless the same is there already.
 *
 * @returns {Promise<(program: string) => string>} the path of a program that it installed.
 */
export async function installPython(name, say) {
  const file = requirementsFile(name);
  const wanted = await readFile(file, 'utf8');
  const folder = await cacheFolder('python', name);
  const program = (each) => path.join(folder, 'bin', each);
  const stamp = path.join(folder, 'installed.txt');
  if (existsSync(stamp) && (await readFile(stamp, 'utf8')) === wanted) return program;
  say(`installing ${packagesOf(wanted).join(', ')}`);
  await runQuietly('python3', ['-m', 'venv', folder]);
  await runQuietly(program('python'), ['-m', 'pip', 'install', '--disable-pip-version-check', '-r', file]);
  await writeFile(stamp, wanted);
  return program;
}

function packagesOf(requirements) {
  return requirements.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
}
