import { readdir } from 'node:fs/promises';
import path from 'node:path';

/** The files of a folder and of all below it, by their paths from there. */
export async function filesIn(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)));
}
