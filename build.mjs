// Builds src/scenarios/*.ts into dist/<name>.js for k6, and src/tools into dist/cli.mjs for Node.
//
//   node build.mjs [--jslib] [--quiet] [--types]
//
// --types: the types of the package's exports, too, for npm pack.
// --jslib: the bundles take textSummary and jUnit from k6-jslib-summary's published address, not from us.
import { chmod, mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'esbuild';
import { bundle } from './scripts/bundle.mjs';
import { emitTypes } from './scripts/emit-types.mjs';
import { filesIn } from './scripts/files-in.mjs';
import { readFlags } from './scripts/read-flags.mjs';
import { thirdPartyPage } from './scripts/third-party.mjs';
import { bundleLibrary, JSLIB_SUMMARY_URL } from './scripts/bundle-library.mjs';

const root = import.meta.dirname;
const dist = path.join(root, 'dist');

/** @param {{jslib?: boolean, outdir?: string, entries?: string[]}} options entries: others than our own scenarios */
export async function buildBundles({ jslib = false, outdir = dist, entries } = {}) {
  const library =
    entries === undefined || jslib ? await bundleLibrary({ outdir, jslib }) : path.join(dist, 'lib/k6.js');
  const allowedUrls = jslib ? new RegExp(`^${JSLIB_SUMMARY_URL.replaceAll('.', '\\.')}$`) : null;
  return bundle({ entries: entries ?? (await scenarioFiles()), outdir, library, allowedUrls });
}

async function scenarioFiles() {
  const names = await readdir(path.join(root, 'src/scenarios'));
  return names.filter((name) => name.endsWith('.ts')).map((name) => path.join(root, 'src/scenarios', name));
}

/** The Node side: one entry, big libraries in lazily loaded chunks. */
async function buildCli(outdir) {
  const { metafile } = await build({
    entryPoints: {
      cli: path.join(root, 'src/tools/cli/main.ts'),
      'lib/prices': path.join(root, 'src/api/prices-api.ts'),
      'lib/summary': path.join(root, 'src/api/summary-api.ts'),
    },
    metafile: true,
    outdir,
    outExtension: { '.js': '.mjs' },
    chunkNames: 'chunks/[name]-[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    // Users build with it, too: it is a dependency.
    external: ['esbuild'],
    target: 'node20',
    sourcemap: true,
    sourcesContent: false,
    legalComments: 'none',
    logLevel: 'silent',
    banner: {
      js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
    },
  });
  await chmod(path.join(outdir, 'cli.mjs'), 0o755);
  await writeFile(path.join(outdir, 'THIRD-PARTY.md'), await thirdPartyPage(Object.keys(metafile.inputs)));
}

/** Builds beside dist/ and then puts it in place: a run that goes on meanwhile finds all that it needs at any moment. */
async function buildDist({ jslib, types }) {
  const fresh = await mkdtemp(`${dist}-`);
  try {
    const [bundles] = await Promise.all([
      buildBundles({ jslib, outdir: fresh }),
      buildCli(fresh),
      types ? emitTypes(path.join(fresh, 'types')) : null,
    ]);
    await replaceDist(fresh);
    return bundles;
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
}

/** File by file, what is loaded by others first, and last away with what was there before. */
async function replaceDist(fresh) {
  await mkdir(dist, { recursive: true });
  const [files, before] = await Promise.all([filesIn(fresh), filesIn(dist)]);
  for (const file of files.toSorted(
    (one, other) => other.split(path.sep).length - one.split(path.sep).length,
  )) {
    await mkdir(path.dirname(path.join(dist, file)), { recursive: true });
    await rename(path.join(fresh, file), path.join(dist, file));
  }
  const left = before.filter((file) => !files.includes(file));
  await Promise.all(left.map((file) => rm(path.join(dist, file), { force: true })));
}

if (process.argv[1] === import.meta.filename) {
  const flag = { type: 'boolean', default: false };
  const { values } = readFlags(import.meta.filename, { options: { jslib: flag, quiet: flag, types: flag } });
  const begin = Date.now();
  try {
    // npm builds before it packs (`prepare`), and the package has types.
    const packs = ['pack', 'publish'].includes(process.env['npm_command'] ?? '');
    const bundles = await buildDist({ ...values, types: values.types || packs });
    if (!values.quiet) {
      for (const { file, bytes, codeBytes } of bundles) {
        const kb = (size) => `${(size / 1024).toFixed(1)} kB`;
        console.log(
          `${path.basename(file).padEnd(16)} ${kb(bytes)}, of which a VU evaluates ${kb(codeBytes)}`,
        );
      }
      console.log(`built in ${((Date.now() - begin) / 1000).toFixed(2)} s`);
    }
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
