// npm run dashboards: writes dashboards/*.json from the list of metrics (src/lib/metrics/metric-list.ts).
import path from 'node:path';
import { importTs } from './import-ts.mjs';

const { writeDashboards } = await importTs('src/tools/dashboards/write-dashboards.ts');
const folder = path.join(import.meta.dirname, '..', 'dashboards');
for (const name of await writeDashboards(folder)) console.log(`dashboards/${name}`);
