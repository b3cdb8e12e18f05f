import { realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { makeFolders } from './make-folders.ts';
import { systemCode, systemReason } from './system-reason.ts';

/** Some files could not be written; whatever was in their place before is there still. */
export class NotWritten extends Error {
  override name = 'NotWritten';
}

/** A file, and what makes its text. */
export type Writing = { file: string; render: () => string | Promise<string> };

/**
 * Writes each file whole or not at all, and all that can be written: aside first, then moved into place. Folders are
 * made if missing.
 *
 * @throws NotWritten that names those which could not be, with the reason.
 */
export async function writeWhole(writings: readonly Writing[]): Promise<void> {
  const failures: string[] = [];
  for (const { file, render } of writings) {
    const text = await render();
    try {
      await write(file, text);
    } catch (error) {
      if (systemCode(error) === null) throw error;
      failures.push(`${file} (${systemReason(error)})`);
    }
  }
  if (failures.length === 0) return;
  throw new NotWritten(`not written: ${failures.join(', ')}; what was there before is unchanged`);
}

async function write(file: string, text: string): Promise<void> {
  await makeFolders(path.dirname(path.resolve(file)));
  const there = await stat(file).catch(() => null);
  // `-o /dev/stdout`: nothing to keep, and no place to move another file to.
  if (there !== null && !there.isFile()) return writeFile(file, text);
  const target = there === null ? file : await realpath(file);
  const aside = `${target}.${process.pid}.part`;
  try {
    await writeFile(aside, text);
    await rename(aside, target);
  } catch (error) {
    await rm(aside, { force: true }).catch(() => {});
    throw error;
  }
}
