import path from 'node:path';
import { build } from 'esbuild';

const root = path.dirname(import.meta.dirname);

/** Files that are in the outer bundle only: k6 creates metrics at init and never after. */
const SHARED = {
  lazy: path.join(root, 'src/lib/k6/parts.ts'),
  metrics: path.join(root, 'src/lib/k6/engine/add-sample.ts'),
};

/** What the library takes from k6. By name: to look at more of k6's modules than that fails at init. */
const K6_EXPORTS = {
  k6: ['check', 'sleep'],
  'k6/data': ['SharedArray'],
  'k6/execution': ['default'],
  'k6/http': ['default'],
  'k6/metrics': ['Counter', 'Gauge', 'Rate', 'Trend'],
  'k6/secrets': ['default'],
};

/**
 * Makes `import { load } from 'lazy:./x.ts'` a function that evaluates that part of the library when it is first
 * called, and returns what it exports.
 *
 * k6's engine makes every function of a bundle anew in every VU, so what a VU never calls should not be there: a
 * part is bundled by itself and put inside one function. Parts reach each other through parts.ts alone.
 *
 * @param {import('esbuild').BuildOptions} options of the bundle that the parts go into.
 * @param {Map<string, number>} lazyData collects how many bytes of each part are data.
 */
export function lazyModules(options, lazyData = new Map()) {
  return {
    name: 'lazy-modules',
    setup(b) {
      b.onResolve({ filter: /^lazy:provide$/ }, () => ({ path: 'provide', namespace: 'lazy-provide' }));
      b.onLoad({ filter: /.*/, namespace: 'lazy-provide' }, async () => ({
        contents: await providing(),
        resolveDir: root,
      }));
      b.onResolve({ filter: /^lazy:/ }, ({ path: name, resolveDir }) => ({
        path: path.resolve(resolveDir, name.slice('lazy:'.length)),
        namespace: 'lazy',
      }));
      b.onLoad({ filter: /.*/, namespace: 'lazy' }, async ({ path: file }) => {
        const { outputFiles, metafile } = await build({
          ...options,
          entryPoints: [file],
          format: 'cjs',
          write: false,
          metafile: true,
          sourcemap: 'inline',
          banner: { js: OPENING },
          footer: { js: CLOSING },
          plugins: [...(options.plugins ?? []), provided()],
        });
        lazyData.set(file, dataBytesOf(metafile));
        return { contents: outputFiles[0].text, loader: 'js', resolveDir: path.dirname(file) };
      });
    },
  };
}

function dataBytesOf({ outputs }) {
  return Object.values(outputs)
    .flatMap(({ inputs }) => Object.entries(inputs))
    .filter(([input]) => input.endsWith('.json'))
    .reduce((sum, [, { bytesInOutput }]) => sum + bytesInOutput, 0);
}

/** k6's modules and the shared files come from the outer bundle: k6 lets nothing be required after init. */
function provided() {
  return {
    name: 'provided',
    setup(b) {
      b.onResolve({ filter: /^k6(\/|$)/ }, ({ path: name }) => ({ path: name, namespace: 'provided' }));
      b.onResolve({ filter: /\.ts$/ }, ({ path: name, resolveDir }) => {
        const shared = Object.keys(SHARED).find((key) => SHARED[key] === path.resolve(resolveDir, name));
        return shared === undefined ? null : { path: shared, namespace: 'provided' };
      });
      b.onLoad({ filter: /.*/, namespace: 'provided' }, ({ path: name }) => {
        if (name in SHARED) return { contents: `module.exports = provided.${name};` };
        const own = K6_NAMES.filter(({ module }) => module === name);
        if (own.length === 0) throw new Error(`scripts/lazy-modules.mjs does not know what ${name} exports`);
        return {
          contents: own
            .map(({ name: as, local }) => `const ${local} = provided.${local}; export { ${local} as ${as} };`)
            .join(''),
        };
      });
    },
  };
}

const K6_NAMES = Object.entries(K6_EXPORTS).flatMap(([module, names]) =>
  names.map((name) => ({ module, name, local: `${module.replace('/', '_')}_${name}` })),
);

/**
 * The module that hands a part what is not in it. A function makes it, and each name is imported by itself, as esbuild
 * makes an `import *` at init: a VU that asks for no part pays for nothing.
 */
async function providing() {
  const names = await Promise.all(
    Object.entries(SHARED).map(async ([key, file]) => [key, file, await exportsOf(file)]),
  );
  const imports = names.flatMap(([key, file, exported]) =>
    exported.map(
      (name) =>
        `import { ${name} as ${key}_${name} } from './${path.relative(root, file).replaceAll(path.sep, '/')}';`,
    ),
  );
  const k6Imports = K6_NAMES.map(
    ({ module, name, local }) => `import { ${name} as ${local} } from '${module}';`,
  );
  const shared = names.map(
    ([key, , exported]) => `${key}: { ${exported.map((name) => `${name}: ${key}_${name}`).join(', ')} }`,
  );
  return `${[...imports, ...k6Imports].join('')}
export function provide() { return { ${[...shared, ...K6_NAMES.map(({ local }) => local)].join(', ')} }; }`;
}

async function exportsOf(file) {
  const { metafile } = await build({
    entryPoints: [file],
    format: 'esm',
    write: false,
    outdir: root,
    metafile: true,
    logLevel: 'error',
  });
  return Object.values(metafile.outputs).flatMap(({ exports }) => exports);
}

const OPENING = `import { provide } from 'lazy:provide';
let exported = null;
export function load() {
  if (exported === null) {
    const module = { exports: {} };
    (function (exports, provided) {`;
const CLOSING = `
    })(module.exports, provide());
    exported = module.exports;
  }
  return exported;
}`;
