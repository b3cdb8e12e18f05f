import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { generatedFiles } from './generated-files.ts';

/** Writes every generated file into `directory` and returns their names. */
export async function writeDashboards(directory: string): Promise<readonly string[]> {
  const files = generatedFiles();
  await Promise.all(files.map(({ name, text }) => writeFile(path.join(directory, name), text)));
  return files.map(({ name }) => name);
}
