import path from 'node:path';
import { build } from 'esbuild';

const root = path.dirname(import.meta.dirname);
const LAZY_TS = path.join(root, 'src/lib/k6/lazy.ts');

/** Files that are in the outer bundle only: k6 creates metrics at init and never after. */
const SHARED = { lazy: LAZY_TS, metrics: path.join(root, 'src/lib/k6/metrics.ts') };

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
 * part is bundled by itself and put inside one function. Parts reach each other through lazy.ts alone.
 *
 * @param {import('esbuild').BuildOptions} options of the bundle that the parts go into.
 * @param {Set<string>} lazyFiles collects the files of all parts.
 */
export function lazyModules(options, lazyFiles) {
  return {
    name: 'lazy-modules',
    setup(b) {
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
        for (const input of Object.keys(metafile.inputs)) lazyFiles.add(path.resolve(input));
        return { contents: outputFiles[0].text, loader: 'js', resolveDir: path.dirname(file) };
      });
    },
  };
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
const OPENING = `${K6_NAMES.map(({ module, name, local }) => `import { ${name} as ${local} } from '${module}';`).join('')}
${Object.entries(SHARED)
  .map(([key, file]) => `import * as ${key} from ${JSON.stringify(file)};`)
  .join('')}
const provided = { ${Object.keys(SHARED).join(', ')}, ${K6_NAMES.map(({ local }) => local).join(', ')} };
let exported = null;
export function load() {
  if (exported === null) {
    const module = { exports: {} };
    evaluate(module, module.exports);
    exported = module.exports;
  }
  return exported;
}
function evaluate(module, exports) {`;
const CLOSING = '}';
