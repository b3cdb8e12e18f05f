import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'esbuild';
import { K6_OPTIONS, writeSizes } from './bundle.mjs';
import { functionsOnDemand } from './functions-on-demand.mjs';
import { EVERY_VU, lazyModules } from './lazy-modules.mjs';
import { workedOut } from './worked-out.mjs';

const root = path.dirname(import.meta.dirname);

export const JSLIB_SUMMARY_URL = 'https://jslib.k6.io/k6-summary/0.1.0/index.js';

/**
 * Builds `k6-llm/k6` into `<outdir>/lib/k6.js`: the library that every scenario is bundled with, as one module, in which
 * what few VUs need is inside functions already.
 *
 * @param {{outdir: string, jslib?: boolean}} options jslib: it takes textSummary and jUnit from k6-jslib-summary's
 *   published address, not from us.
 * @returns {Promise<string>} the file.
 */
export async function bundleLibrary({ outdir, jslib = false }) {
  const { sourcemap: _map, metafile: _meta, format: _format, ...options } = K6_OPTIONS;
  const own = { ...options, plugins: [summaryRenderers(jslib), workedOut()] };
  const lazyData = new Map();
  const { metafile, outputFiles } = await build({
    ...K6_OPTIONS,
    entryPoints: { 'lib/k6': path.join(root, 'src/api/scenario-api.ts') },
    outdir,
    write: false,
    plugins: [...own.plugins, lazyModules(own, lazyData)],
  });
  const library = path.join(outdir, 'lib/k6.js');
  await writeOnDemand(library, outputFiles);
  await writeSizes(library, sizesOf(metafile, lazyData));
  return library;
}

/** Characters. All parts are longer, and what every request calls is shorter. */
const LONG_FUNCTION = 100;

/** A VU evaluates few parts: the function that holds a part is itself made on demand. */
async function writeOnDemand(library, outputFiles) {
  const textOf = (extension) => outputFiles.find(({ path: file }) => file.endsWith(extension)).text;
  const { code, map } = functionsOnDemand(
    { code: textOf('.js'), map: textOf('.map') },
    ({ length, isOutermost }) => isOutermost && length > LONG_FUNCTION,
  );
  await mkdir(path.dirname(library), { recursive: true });
  await writeFile(library, code);
  await writeFile(`${library}.map`, JSON.stringify(map));
}

function sizesOf({ outputs }, lazyData) {
  const inputs = Object.values(outputs).flatMap((output) => Object.entries(output.inputs));
  const bytesOf = (wanted) =>
    inputs.filter(([input]) => wanted(input)).reduce((sum, [, { bytesInOutput }]) => sum + bytesInOutput, 0);
  const isLazy = (input) => input.startsWith('lazy:') && !input.endsWith(EVERY_VU);
  // A part's data is data too, and no code.
  const dataInParts = [...lazyData.values()].reduce((sum, bytes) => sum + bytes, 0);
  return {
    lazyBytes: bytesOf(isLazy) - dataInParts,
    dataBytes: bytesOf((input) => input.endsWith('.json')) + dataInParts,
  };
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
