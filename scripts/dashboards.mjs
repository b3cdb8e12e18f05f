// npm run dashboards: writes dashboards/*.json from the list of metrics (src/lib/metric-list.ts).
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'esbuild';

const root = path.join(import.meta.dirname, '..');
// Node 20 runs no TypeScript. Inside node_modules, so that the bundle finds the packages it leaves outside.
const bundle = path.join(root, 'node_modules/.cache/dashboards.mjs');

await build({
  entryPoints: [path.join(root, 'src/tools/dashboards/write.ts')],
  outfile: bundle,
  bundle: true,
  format: 'esm',
  platform: 'node',
  packages: 'external',
  logLevel: 'warning',
});
const { writeDashboards } = await import(bundle);
for (const name of await writeDashboards(path.join(root, 'dashboards'))) console.log(`dashboards/${name}`);
await rm(bundle);
