// npm run docs: writes docs/settings.md and docs/metrics.md from the catalog of settings and the list of metrics.
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { importTs } from './import-ts.mjs';

const { generatedDocs } = await importTs('src/tools/docs/generated-docs.ts');
for (const { file, text } of generatedDocs()) {
  await writeFile(path.join(import.meta.dirname, '..', file), text);
  console.log(file);
}
