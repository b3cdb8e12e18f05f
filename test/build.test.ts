import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { buildBundles } from '../build.mjs';
import { FORBIDDEN_GLOBALS } from '../scripts/bundle.mjs';
import { PROJECT_ROOT } from '../src/tools/project-root.ts';
import { folderOfTest } from './support/temporary-folder.ts';

async function buildOne(source: string, data = '{}'): Promise<string> {
  const folder = folderOfTest('build');
  await writeFile(path.join(folder, 'data.json'), data);
  await writeFile(path.join(folder, 'entry.ts'), source);
  await buildBundles({ outdir: path.join(folder, 'dist'), entries: [path.join(folder, 'entry.ts')] });
  return readFile(path.join(folder, 'dist/entry.js'), 'utf8');
}

test('an entry that k6 can run is bundled', async () => {
  expect(await buildOne("import http from 'k6/http'; export default () => http.get('x');")).toContain(
    '"k6/http"',
  );
});

test.each<[what: string, source: string, message: RegExp]>([
  [
    'a node: import',
    "import { readFileSync } from 'node:fs'; export default () => readFileSync('x');",
    /node:fs/,
  ],
  [
    'an https: import',
    "import { x } from 'https://jslib.k6.io/x.js'; export default () => x;",
    /https:\/\/jslib/,
  ],
  ['a package that is not there', "import x from 'lodash'; export default () => x;", /lodash/],
  ['a named group', 'export default (s: string) => /(?<year>\\d+)/.exec(s);', /named group/],
  ...FORBIDDEN_GLOBALS.map((name): [string, string, RegExp] => [
    `the global ${name}`,
    `export default () => (${name} as unknown as () => void)();`,
    new RegExp(name),
  ]),
])('%s fails the build, and is named', async (_name, source, message) => {
  await expect(buildOne(source)).rejects.toThrow(message);
});

test('a property or a variable of that name does not', async () => {
  await expect(
    buildOne('const performance = { process: 1 }; export default () => performance.process;'),
  ).resolves.toContain('process');
});

test('too much code and too much data fail the build', async () => {
  const code = `export default () => [${Array.from({ length: 9000 }, (_, index) => `"word${index}"`).join(',')}];`;
  await expect(buildOne(code)).rejects.toThrow(/bytes of code that every VU evaluates; the budget is 65536/);
  const data = JSON.stringify(Array.from({ length: 9000 }, (_, index) => `word${index}`));
  await expect(buildOne("import data from './data.json'; export default () => data;", data)).rejects.toThrow(
    /bytes of data; the budget is 32768/,
  );
});

test('the built bundles hold no path of the machine that built them', async () => {
  const dist = path.join(PROJECT_ROOT, 'dist');
  for (const name of await readdir(dist)) {
    if (!name.endsWith('.js') && !name.endsWith('.map')) continue;
    expect((await readFile(path.join(dist, name), 'utf8')).includes(PROJECT_ROOT), name).toBe(false);
  }
});
