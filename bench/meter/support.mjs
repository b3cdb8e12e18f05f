// What the meter's benches share: bundling TypeScript, children that answer in JSON lines, figures.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
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

/** A child whose first line on stdout is awaited; `stop` ends it. */
export async function start(file, args, { env = process.env, nice = 0 } = {}) {
  const command =
    nice === 0 ? [process.execPath, file] : ['nice', '-n', String(nice), process.execPath, file];
  const child = spawn(command[0], [...command.slice(1), ...args], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  process.once('exit', () => child.kill('SIGTERM'));
  const lines = createInterface({ input: child.stdout });
  const [first] = await Promise.race([
    once(lines, 'line'),
    once(child, 'exit').then(([code]) => Promise.reject(new Error(`${file} ended with ${code}`))),
  ]);
  return {
    first,
    pid: child.pid,
    stop: async () => {
      const gone = once(child, 'exit');
      if (child.exitCode === null) child.kill('SIGTERM');
      await gone;
    },
  };
}

export function mean(values) {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Nearest rank. */
export function percentile(values, ratio) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * ratio) - 1)] ?? null;
}

export function machine() {
  return `${cpus().length} cores ${cpus()[0]?.model ?? ''}, Node ${process.version}, ${process.platform} ${process.arch}`;
}

export function fixed(value, digits) {
  return value === null || value === undefined ? '-' : value.toFixed(digits);
}
