// What the meter's benches share: bundling TypeScript, the machine, figures as text.
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';

export const root = path.join(import.meta.dirname, '../..');

/** Bundles entries of src/tools for this Node into a folder of their own; `remove` deletes it. */
export async function bundle(entries) {
  const dir = await mkdtemp(path.join(tmpdir(), 'k6-llm-bench-'));
  await build({
    entryPoints: Object.fromEntries(
      Object.entries(entries).map(([name, file]) => [name, path.join(root, file)]),
    ),
    outdir: dir,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    logLevel: 'error',
    banner: {
      js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
    },
  });
  return {
    file: (name) => path.join(dir, `${name}.mjs`),
    remove: () => rm(dir, { recursive: true, force: true }),
  };
}

export function machine() {
  return `${cpus().length} cores ${cpus()[0]?.model ?? ''}, Node ${process.version}, ${process.platform} ${process.arch}`;
}

export function fixed(value, digits) {
  return value === null || value === undefined ? '-' : value.toFixed(digits);
}
