import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'esbuild';
import { checkBundle } from './check-bundle.mjs';

/**
 * Literal and guarded, as k6 wants it: stock k6 2.x refuses a bundle that evaluates this `require`. In front of the
 * bundle, because esbuild would put a shim around a `require` inside it.
 */
const LOAD_SSE = 'const k6Sse = __ENV.LLM_TRANSPORT === "sse" ? require("k6/x/sse") : null;';

/** Globals that k6 lacks. A free use of one is renamed by esbuild's `define`, so that the check can see it. */
export const FORBIDDEN_GLOBALS = (
  'process Buffer global window performance structuredClone queueMicrotask fetch atob btoa URL URLSearchParams ' +
  'AbortController TextDecoder TextEncoder Intl WeakRef'
).split(' ');

/** What every script for k6 is built with: the library, our own scenarios, and those of others. */
export const K6_OPTIONS = {
  bundle: true,
  platform: 'neutral',
  mainFields: ['module', 'main'],
  conditions: ['module', 'import'],
  target: 'es2022',
  // k6's engine has neither (it hangs on them), so they are lowered.
  supported: { 'async-generator': false, 'for-await': false },
  external: ['k6', 'k6/*'],
  define: Object.fromEntries(FORBIDDEN_GLOBALS.map((name) => [name, `__forbidden_${name}`])),
  minify: true,
  legalComments: 'none',
  logLevel: 'silent',
  metafile: true,
  format: 'esm',
  sourcemap: true,
  // k6 reads the map whenever it starts, and shows places alone.
  sourcesContent: false,
};

/**
 * Bundles scripts for k6, each into one file that runs anywhere, and says what they weigh.
 *
 * @param {{entries: string[], outdir: string, library: string, allowedUrls?: RegExp | null, isOurs?: boolean}} options
 * @returns {Promise<import('./bundle.d.mts').Bundle[]>}
 * @throws with one line for each thing that k6 would refuse, or that is too heavy.
 */
export async function bundle({ entries, outdir, library, allowedUrls = null, isOurs = true }) {
  const { outputs } = (
    await build({
      ...K6_OPTIONS,
      entryPoints: entries,
      outdir,
      banner: { js: LOAD_SSE },
      plugins: [ownName(library), remote(allowedUrls)],
    })
  ).metafile;
  const sizes = await readSizes(library);
  const bundles = [];
  const problems = [];
  for (const [name, output] of Object.entries(outputs)) {
    if (name.endsWith('.map')) continue;
    const file = path.resolve(name);
    const { weight, faults } = await checkBundle({ file, output, library, sizes, allowedUrls, isOurs });
    bundles.push({ file, bytes: output.bytes, ...weight });
    problems.push(...faults);
  }
  if (problems.length > 0) throw new Error(`The bundles are not fit for k6:\n  ${problems.join('\n  ')}`);
  return bundles;
}

/** `k6-llm/k6` is the library of this very package, wherever the script lies. */
function ownName(library) {
  return {
    name: 'own-name',
    setup(b) {
      b.onResolve({ filter: /^k6-llm\/k6$/ }, () => ({ path: library }));
    },
  };
}

/** Addresses that k6 itself is to fetch. */
function remote(allowed) {
  return {
    name: 'remote',
    setup(b) {
      b.onResolve({ filter: /^https?:/ }, ({ path: url }) =>
        allowed?.test(url) ? { path: url, external: true } : null,
      );
    },
  };
}

const sizesFile = (library) => library.replace(/\.js$/, '.sizes.json');

/** How much of the library is evaluated on demand, and how much is data; nothing where there is none. */
async function readSizes(library) {
  try {
    return JSON.parse(await readFile(sizesFile(library), 'utf8'));
  } catch {
    return { lazyBytes: 0, dataBytes: 0 };
  }
}

/** Written beside the library, for whoever bundles it. */
export async function writeSizes(library, sizes) {
  await writeFile(sizesFile(library), `${JSON.stringify(sizes)}\n`);
}
