import path from 'node:path';
import { build } from 'esbuild';
import { functionsOnDemand } from './functions-on-demand.mjs';

const root = path.dirname(import.meta.dirname);

/** Files that are in the outer bundle only: k6 creates metrics at init and never after. */
const SHARED = {
  [path.join(root, 'src/lib/k6/parts.ts')]: 'lazy',
  [path.join(root, 'src/lib/k6/engine/add-sample.ts')]: 'metrics',
};

/** The part that every VU evaluates, at init: it is a part for the sake of its names alone. */
export const EVERY_VU = 'src/lib/k6/vu/default-function.ts';

/** What every VU evaluates whose answers are streams over `sse`. */
const ANY_ANSWER = 'src/lib/k6/rare/any-answer.ts';

/** What the library takes from k6. By name: to look at more of k6's modules than that fails at init. */
const K6_EXPORTS = {
  k6: ['check', 'sleep'],
  'k6/data': ['SharedArray'],
  'k6/execution': ['default'],
  'k6/http': ['default'],
  'k6/metrics': ['Counter', 'Gauge', 'Rate', 'Trend'],
  'k6/secrets': ['default'],
};

const K6_NAMES = Object.entries(K6_EXPORTS).flatMap(([module, names]) =>
  names.map((name) => ({ module, name, local: `${module.replace('/', '_')}_${name}` })),
);

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
      b.onResolve({ filter: /^lazy:k6$/ }, () => ({ path: 'k6', namespace: 'lazy-k6' }));
      b.onLoad({ filter: /.*/, namespace: 'lazy-k6' }, () => ({ contents: K6_MODULE, resolveDir: root }));
      b.onResolve({ filter: /^lazy:/ }, ({ path: name, resolveDir }) => ({
        path: path.resolve(resolveDir, name.slice('lazy:'.length)),
        namespace: 'lazy',
      }));
      b.onLoad({ filter: /.*/, namespace: 'lazy' }, async ({ path: file }) => {
        const isEveryVus = file === path.join(root, EVERY_VU);
        const isOnDemand = isEveryVus || file === path.join(root, ANY_ANSWER);
        const { outputFiles, metafile } = await build({
          ...options,
          stdin: { contents: await entryOf(file), resolveDir: root },
          format: 'esm',
          write: false,
          metafile: true,
          ...(isOnDemand ? NAMED : { sourcemap: 'inline' }),
          banner: { js: OPENING },
          footer: { js: CLOSING },
          plugins: [...(options.plugins ?? []), provided()],
        });
        lazyData.set(file, dataBytesOf(metafile));
        const text = isOnDemand
          ? onDemand(outputFiles, isEveryVus ? EVERY_REQUEST : new Set())
          : outputFiles[0].text;
        const fetched = text.match(FETCHED) ?? [];
        const contents = [text.replace(FETCHED, ''), ...fetched, await importsOf(metafile)].join('\n');
        return { contents, loader: 'js', resolveDir: root };
      });
    },
  };
}

/** The names of functions are wanted below; what is around makes everything small. */
const NAMED = { minify: false, minifySyntax: true, outdir: root, sourcemap: 'external' };

/** What every request calls: to ask each time whether it is made would cost a step. */
const EVERY_REQUEST = new Set(
  (
    'addDollars beginIteration buildBody chooseModel composeTurn converse endMsOf figuresOf ' +
    'indexOf isCount isMeasured isParts isPlain isUserLoad itemsOf kindFor meetsSlo nextPromptIndex ' +
    'openChat partKindOf plainAnswer promptOf readCounts recordEnd recordFigures recordGoodput ' +
    'recordStart recordUsage request sayNext scheduleOf send startConversation stopIfHopeless ' +
    'stopWithoutMeter tagPlace tellsMore think usdFromMillionths withSalt'
  ).split(' '),
);

/** A part's text, with its source map in it. */
function onDemand(outputFiles, always) {
  const [map, { text: code }] = outputFiles.toSorted((a, b) => b.path.length - a.path.length);
  const missing = new Set(always);
  const made = functionsOnDemand({ code, map: map.text }, ({ name }) => {
    const inSource = nameInSource(name);
    missing.delete(inSource);
    return !always.has(inSource);
  });
  if (missing.size > 0) {
    const names = [...missing].join(', ');
    throw new Error(
      `EVERY_REQUEST of scripts/lazy-modules.mjs names ${names}, which ${EVERY_VU} has not; take it out, or write its new name`,
    );
  }
  const inline = Buffer.from(JSON.stringify(made.map)).toString('base64');
  return `${made.code}\n//# sourceMappingURL=data:application/json;base64,${inline}\n`;
}

/** esbuild numbers the second of a name. */
const nameInSource = (name) => name.replace(/\d+$/, '');

function inputsOf({ outputs }) {
  return Object.values(outputs).flatMap(({ inputs }) => Object.entries(inputs));
}

function dataBytesOf(metafile) {
  return inputsOf(metafile)
    .filter(([input]) => input.endsWith('.json'))
    .reduce((sum, [, { bytesInOutput }]) => sum + bytesInOutput, 0);
}

/** Puts what a part exports on an object: esbuild's own way makes a dozen functions in every VU. */
async function entryOf(file) {
  const names = await exportsOf(file);
  return `import { ${names.join(', ')} } from './${fromRoot(file)}';
${names.map((name) => `exported.${name} = ${name};`).join('\n')}`;
}

/**
 * k6's modules and the shared files come from the outer bundle: k6 lets nothing be required after init. Each name is
 * a module of its own, so that a part asks for those alone that it uses: k6 makes a function anew when it is asked.
 */
function provided() {
  return {
    name: 'provided',
    setup(b) {
      const names = (list) => ({ contents: list.map(([name, local]) => reExport(name, local)).join('') });
      b.onResolve({ filter: /^provided:/ }, ({ path: name }) => ({
        path: name.slice('provided:'.length),
        namespace: 'provided-name',
        sideEffects: false,
      }));
      b.onLoad({ filter: /.*/, namespace: 'provided-name' }, ({ path: local }) => ({
        contents: `const own = ${local}; export { own as ${local} };`,
      }));
      b.onResolve({ filter: /^k6(\/|$)/ }, ({ path: name }) => ({ path: name, namespace: 'provided-k6' }));
      b.onLoad({ filter: /.*/, namespace: 'provided-k6' }, ({ path: name }) => {
        const own = K6_NAMES.filter(({ module }) => module === name);
        if (own.length === 0) throw new Error(`scripts/lazy-modules.mjs does not know what ${name} exports`);
        return names(own.map(({ name: as, local }) => [as, local]));
      });
      b.onResolve({ filter: /\.ts$/ }, ({ path: name, resolveDir }) => {
        const file = path.resolve(resolveDir, name);
        return file in SHARED ? { path: file, namespace: 'provided-file' } : null;
      });
      b.onLoad({ filter: /.*/, namespace: 'provided-file' }, async ({ path: file }) =>
        names((await exportsOf(file)).map((name) => [name, `${SHARED[file]}_${name}`])),
      );
    },
  };
}

const reExport = (name, local) => `export { ${local} as ${name} } from 'provided:${local}';`;

/** Of the outer bundle, what a part uses. */
async function importsOf(metafile) {
  const used = new Set(
    inputsOf(metafile)
      .filter(([input, { bytesInOutput }]) => input.startsWith('provided-name:') && bytesInOutput > 0)
      .map(([input]) => input.slice('provided-name:'.length)),
  );
  const imports = K6_NAMES.filter(({ local }) => used.has(local)).map(
    ({ local }) => `import { ${local} } from 'lazy:k6';`,
  );
  for (const [file, key] of Object.entries(SHARED)) {
    for (const name of await exportsOf(file)) {
      if (used.has(`${key}_${name}`)) {
        imports.push(`import { ${name} as ${key}_${name} } from './${fromRoot(file)}';`);
      }
    }
  }
  return imports.join('\n');
}

/** All that parts take from k6, imported once for all of them. */
const K6_MODULE = K6_NAMES.map(
  ({ module, name, local }) => `import { ${name} as ${local} } from '${module}'; export { ${local} };`,
).join('\n');

function fromRoot(file) {
  return path.relative(root, file).replaceAll(path.sep, '/');
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

/** What k6 is to fetch from an address is imported outside of the part's function: nothing can be inside. */
const FETCHED = /\bimport\s*\{[^}]*\}\s*from\s*"https:[^"]*";?/g;

const OPENING = `let made = null;
export function load() {
  if (made === null) {
    const exported = {};
    (function () {`;
const CLOSING = `
    })();
    made = exported;
  }
  return made;
}`;
