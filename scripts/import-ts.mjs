import { rm } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'esbuild';

const root = path.join(import.meta.dirname, '..');

/**
 * Imports a TypeScript module of this project, which Node 20 cannot do by itself.
 *
 * @param {string} entry path from the project's root.
 */
export async function importTs(entry) {
  // Inside node_modules, so that the bundle finds the packages that it leaves outside.
  const bundle = path.join(root, 'node_modules/.cache', `${path.basename(entry, '.ts')}-${process.pid}.mjs`);
  await build({
    entryPoints: [path.join(root, entry)],
    outfile: bundle,
    bundle: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
    logLevel: 'warning',
  });
  try {
    return await import(bundle);
  } finally {
    await rm(bundle);
  }
}
