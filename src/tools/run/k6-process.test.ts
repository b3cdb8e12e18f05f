import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { getPriority } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { folderOfTest } from '../../../test/support/temporary-folder.ts';
import { runK6Process } from './k6-process.ts';

const AUTOGROUP = '/proc/self/autogroup';

/** Says what its own priority is, a moment after it began, and its session's. */
const SAY = `
const { writeFileSync, readFileSync, existsSync } = require('node:fs');
setTimeout(() => {
  const group = existsSync('${AUTOGROUP}') ? readFileSync('${AUTOGROUP}', 'utf8') : null;
  writeFileSync(process.env.SAY_TO, JSON.stringify({ own: require('node:os').getPriority(), group }));
}, 300);`;

async function prioritiesOf(niceness: number): Promise<{ own: number; group: string | null }> {
  const folder = folderOfTest('priority');
  const file = path.join(folder, 'said.json');
  const { code } = await runK6Process({
    binary: process.execPath,
    args: ['-e', SAY],
    env: { ...process.env, SAY_TO: file },
    cwd: folder,
    niceness,
    showsSummary: false,
    pass: null,
    sayLog: () => {},
  });
  expect(code).toBe(0);
  return JSON.parse(await readFile(file, 'utf8')) as { own: number; group: string | null };
}

test('k6 runs at the priority that it is given, its session too', async () => {
  const before = getPriority();
  const { own, group } = await prioritiesOf(before + 5);
  expect(own).toBe(before + 5);
  if (existsSync(AUTOGROUP)) expect(group).toMatch(new RegExp(`nice ${before + 5}$`, 'm'));
});

test('k6 runs at our own priority otherwise', async () => {
  expect((await prioritiesOf(0)).own).toBe(getPriority());
});
