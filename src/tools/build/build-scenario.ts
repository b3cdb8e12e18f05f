import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { type Bundle, bundle } from '../../../scripts/bundle.mjs';
import { UsageError } from '../cli/define-command.ts';
import { PROJECT_ROOT } from '../project-root.ts';

/** `k6-llm/k6`, as it is bundled into every scenario. */
const LIBRARY = path.join(PROJECT_ROOT, 'dist', 'lib', 'k6.js');

/** k6 fetches these itself, when it starts. */
const FETCHED_BY_K6 = /^https:\/\//;

/** Whether a script must be built before k6 can run it: TypeScript, or JavaScript that is written with our library. */
export async function isSource(file: string): Promise<boolean> {
  if (/\.[cm]?ts$/.test(file)) return true;
  if (!/\.m?js$/.test(file)) return false;
  return /['"]k6-llm\/k6['"]/.test(await readFile(file, 'utf8'));
}

/**
 * Bundles a scenario into `<outdir>/<name>.js`, with its source map: one file that k6 runs anywhere.
 *
 * @throws UsageError that says where it is wrong.
 */
export async function buildScenario(source: string, outdir: string): Promise<Bundle> {
  try {
    const [built] = await bundle({
      entries: [path.resolve(source)],
      outdir: path.resolve(outdir),
      library: LIBRARY,
      allowedUrls: FETCHED_BY_K6,
      isOurs: false,
    });
    if (built !== undefined) return built;
  } catch (error) {
    throw new UsageError(`${source}: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
  throw new UsageError(`${source}: nothing was built`);
}

/** A user's code that every VU holds in memory; above it, he should know. */
const HEAVY_BYTES = 256 * 1024;

/** What a bundle weighs, in a line or two. */
export function describeBundle({ file, bytes, ownBytes, codeBytes }: Bundle): string {
  const shown = path.relative(process.cwd(), file);
  const line = `${shown}: ${kb(bytes)}; each VU evaluates ${kb(codeBytes)} of it, ${kb(ownBytes)} are your own`;
  return ownBytes <= HEAVY_BYTES
    ? line
    : `${line}\nthat is memory in every VU: leave out what it does not need, or read data with SharedArray`;
}

function kb(bytes: number): string {
  return `${(bytes / 1024).toFixed(1)} kB`;
}
