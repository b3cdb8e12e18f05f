import path from 'node:path';
import { importTs } from './import-ts.mjs';

const root = path.dirname(import.meta.dirname);

/** Modules whose values the build works out, so that no VU has to. */
const WORKED_OUT = ['src/lib/metrics/metric-rows.ts'];

/** Takes the values of what these modules export in place of their code: plain data only. */
export function workedOut() {
  return {
    name: 'worked-out',
    setup(b) {
      b.onLoad({ filter: /\.ts$/ }, async ({ path: file }) => {
        const entry = path.relative(root, file).replaceAll(path.sep, '/');
        if (!WORKED_OUT.includes(entry)) return null;
        const lines = Object.entries(await importTs(entry)).map(
          ([name, value]) => `export const ${name} = ${JSON.stringify(value)};`,
        );
        return { contents: lines.join('\n') };
      });
    },
  };
}
