// Where the servers of other people are kept: outside the checkout, since they take minutes to install or compile.
import { mkdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';

const base = process.env['XDG_CACHE_HOME'] || path.join(homedir(), '.cache');

/** `~/.cache/k6-llm/interop`, made if missing; remove it to install everything anew. */
export const CACHE = path.join(base, 'k6-llm', 'interop');

/** A folder in it, made if missing. */
export async function cacheFolder(...names) {
  const folder = path.join(CACHE, ...names);
  await mkdir(folder, { recursive: true });
  return folder;
}
