// Builds src/scenarios/*.ts into dist/<name>.js for k6, and src/tools into dist/cli.mjs for Node.
//
//   node build.mjs [--jslib] [--quiet]
//
// --jslib: the bundles take textSummary and jUnit from k6-jslib-summary's published address, not from us.
import { chmod, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { checkBundle } from './scripts/check-bundle.mjs';
import { lazyModules } from './scripts/lazy-modules.mjs';

const root = import.meta.dirname;
const dist = path.join(root, 'dist');
const JSLIB_SUMMARY_URL = 'https://jslib.k6.io/k6-summary/0.1.0/index.js';

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

/** @param {{jslib?: boolean, outdir?: string, entries?: string[]}} options */
export async function buildBundles({ jslib = false, outdir = dist, entries } = {}) {
  const options = {
    outdir,
    bundle: true,
    platform: 'neutral',
    target: 'es2022',
    // k6's engine has neither (it hangs on them), so they are lowered.
    supported: { 'async-generator': false, 'for-await': false },
    external: ['k6', 'k6/*'],
    define: Object.fromEntries(FORBIDDEN_GLOBALS.map((name) => [name, `__forbidden_${name}`])),
    minify: true,
    legalComments: 'none',
    logLevel: 'silent',
    plugins: [summaryRenderers(jslib)],
  };
  const lazyData = new Map();
  const result = await build({
    ...options,
    entryPoints: entries ?? (await scenarioFiles()),
    outdir,
    format: 'esm',
    banner: { js: LOAD_SSE },
    sourcemap: true,
    metafile: true,
    plugins: [...options.plugins, lazyModules(options, lazyData)],
  });
  const problems = [];
  for (const [file, output] of Object.entries(result.metafile.outputs)) {
    if (file.endsWith('.map')) continue;
    problems.push(
      ...(await checkBundle({
        file: path.resolve(file),
        output,
        lazyData,
        allowedUrl: jslib ? JSLIB_SUMMARY_URL : null,
      })),
    );
  }
  if (problems.length > 0) throw new Error(`The bundles are not fit for k6:\n  ${problems.join('\n  ')}`);
  return Object.entries(result.metafile.outputs).filter(([file]) => file.endsWith('.js'));
}

/** Resolves `#summary-renderers` to our renderers, or to k6-jslib-summary. */
function summaryRenderers(jslib) {
  const ours = path.join(root, 'src/lib/summary/render/jslib-renderers.ts');
  return {
    name: 'summary-renderers',
    setup(b) {
      b.onResolve({ filter: /^#summary-renderers$/ }, () =>
        jslib ? { path: JSLIB_SUMMARY_URL, namespace: 'jslib' } : { path: ours },
      );
      b.onResolve({ filter: /^https:/, namespace: 'jslib' }, ({ path: url }) => ({
        path: url,
        external: true,
      }));
      b.onLoad({ filter: /.*/, namespace: 'jslib' }, ({ path: url }) => ({
        contents: `export { textSummary, jUnit } from '${url}';`,
      }));
    },
  };
}

async function scenarioFiles() {
  const names = await readdir(path.join(root, 'src/scenarios'));
  return names.filter((name) => name.endsWith('.ts')).map((name) => path.join(root, 'src/scenarios', name));
}

/** The Node side: one entry, big libraries in lazily loaded chunks. */
async function buildCli(outdir) {
  await build({
    entryPoints: { cli: path.join(root, 'src/tools/cli/main.ts') },
    outdir,
    outExtension: { '.js': '.mjs' },
    chunkNames: 'chunks/[name]-[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    sourcemap: true,
    legalComments: 'none',
    logLevel: 'silent',
    banner: {
      js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
    },
  });
  await chmod(path.join(outdir, 'cli.mjs'), 0o755);
}

/** Builds beside dist/ and then puts it in place whole: a run that goes on meanwhile finds the one or the other. */
async function buildDist({ jslib }) {
  const fresh = await mkdtemp(`${dist}-`);
  try {
    const [bundles] = await Promise.all([buildBundles({ jslib, outdir: fresh }), buildCli(fresh)]);
    await chmod(fresh, 0o755);
    await replaceDist(fresh);
    return bundles;
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
}

async function replaceDist(fresh) {
  const old = `${fresh}-old`;
  try {
    await rename(dist, old).catch(unless('ENOENT'));
    await rename(fresh, dist).catch(unless('ENOTEMPTY', 'EEXIST'));
  } finally {
    await rm(old, { recursive: true, force: true });
  }
}

/** Lets these pass: no build was there before, or another build has put its own in place meanwhile. */
function unless(...codes) {
  return (error) => {
    if (!codes.includes(error.code)) throw error;
  };
}

if (process.argv[1] === import.meta.filename) {
  const { values } = parseArgs({ options: { jslib: { type: 'boolean' }, quiet: { type: 'boolean' } } });
  const begin = Date.now();
  try {
    const bundles = await buildDist({ jslib: values.jslib ?? false });
    if (!values.quiet) {
      for (const [file, { bytes }] of bundles)
        console.log(`${path.basename(file).padEnd(16)} ${(bytes / 1024).toFixed(1)} kB`);
      console.log(`built in ${((Date.now() - begin) / 1000).toFixed(2)} s`);
    }
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
