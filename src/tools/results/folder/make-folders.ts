import { mkdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { systemCode } from './system-reason.ts';

/** Folders of results are their owner's: they hold what was asked for, from whom, and what it cost. */
export const OWNER_ONLY = 0o700;

/**
 * Makes a folder and those above it, where missing. Node's own `recursive` never ends below `/proc`, where a folder
 * can be looked into and holds none.
 *
 * @param folder an absolute path.
 * @throws the system's error; ENOTDIR where something that is no folder is in the way.
 */
export async function makeFolders(folder: string): Promise<void> {
  if (await isFolder(folder)) return;
  const above = path.dirname(folder);
  if (above !== folder) await makeFolders(above);
  try {
    await mkdir(folder, { mode: OWNER_ONLY });
  } catch (error) {
    // Another one has made it meanwhile.
    if (systemCode(error) !== 'EEXIST' || !(await isFolder(folder))) throw error;
  }
}

async function isFolder(folder: string): Promise<boolean> {
  try {
    if ((await stat(folder)).isDirectory()) return true;
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return false;
    throw error;
  }
  throw Object.assign(new Error('it is no folder'), { code: 'ENOTDIR' });
}
