import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { buildBundles } from '../../build.mjs';
import { PROJECT_ROOT } from '../../src/tools/project-root.ts';
import { runK6 } from '../influxdb/k6-run.ts';
import { openMock } from '../support/mock.ts';
import { folderOfTest } from '../support/temporary-folder.ts';

const URL = 'https://jslib.k6.io/k6-summary/0.1.0/index.js';

const STAND_IN = `
export const textSummary = (data, options) =>
  'TEXT OF JSLIB ' + Object.keys(data.metrics).includes('ai_latency_ms') + ' ' + JSON.stringify(options) + '\\n';
export const jUnit = (data) => '<testsuites name="of jslib" tests="' + Object.keys(data.metrics).length + '"/>';
`;

test('a bundle built with --jslib takes its renderers from there, and its own files stay', async () => {
  const folder = folderOfTest('jslib');
  await buildBundles({
    jslib: true,
    outdir: folder,
    entries: [path.join(PROJECT_ROOT, 'src/scenarios/smoke.ts')],
  });
  const bundle = await readFile(path.join(folder, 'smoke.js'), 'utf8');
  expect(bundle.split(URL)).toHaveLength(2);
  // No network here: a file of the same exports stands in for the address.
  await writeFile(path.join(folder, 'smoke.js'), bundle.replace(URL, './stand-in.js'));
  await writeFile(path.join(folder, 'stand-in.js'), STAND_IN);
  const mock = await openMock();
  const env = { LLM_BASE_URL: mock.url, LLM_MIX: 'm', LLM_RESULTS_DIR: folder };
  const { code, output } = await runK6(['smoke.js'], { env, cwd: folder });
  expect(code).toBe(0);
  expect(output).toContain('TEXT OF JSLIB true');
  expect(await readFile(path.join(folder, 'junit.xml'), 'utf8')).toMatch(
    /^<testsuites name="of jslib" tests="\d+"\/>$/,
  );
  expect(JSON.parse(await readFile(path.join(folder, 'summary.json'), 'utf8'))).toMatchObject({
    totals: { succeeded: 5 },
  });
});
