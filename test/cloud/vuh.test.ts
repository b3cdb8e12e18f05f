import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { cloudUse } from './cloud-use.ts';
import { findK6 } from '../../src/tools/k6/find-k6.ts';
import { at } from '../read-yaml.ts';

const root = path.join(import.meta.dirname, '../..');
const run = promisify(execFile);

/** A bundle's options with nothing set, as `k6 inspect` prints them. */
async function inspect(scenario: string): Promise<Parameters<typeof cloudUse>[0]> {
  const k6 = await findK6(() => {});
  const env = {
    PATH: process.env['PATH'] ?? '',
    HOME: process.env['HOME'] ?? '',
    K6_NO_USAGE_REPORT: 'true',
  };
  const file = path.join(root, 'dist', `${scenario}.js`);
  const { stdout } = await run(k6.path, ['inspect', file], { env, maxBuffer: 16 * 1024 * 1024 });
  return Object.fromEntries(
    Object.entries(at(JSON.parse(stdout), 'scenarios')).map(([name, value]) => [name, at(value)]),
  );
}

/** Rows of the table in docs/cloud.md: scenario, VUs, minutes, VUh. */
async function documented(): Promise<string[][]> {
  const text = await readFile(path.join(root, 'docs/cloud.md'), 'utf8');
  return [...text.matchAll(/^\| (\w+) \| (\d+) \| (\d+) \| ([\d.]+) \|$/gm)].map((row) => row.slice(1));
}

test('docs/cloud.md gives the VUh of every scenario as its bundle has them', async () => {
  const files = await readdir(path.join(root, 'src/scenarios'));
  // ab needs a file of providers to tell anything.
  const scenarios = files.map((file) => file.replace(/\.ts$/, '')).filter((name) => name !== 'ab');
  const rows = await documented();
  expect(rows.map(([name]) => name).sort()).toEqual([...scenarios].sort());
  for (const [name = '', ...numbers] of rows) {
    const { maxVus, durationMs, vuh } = cloudUse(await inspect(name));
    const minutes = Math.ceil(durationMs / 60_000);
    expect([name, ...numbers]).toEqual([name, `${maxVus}`, `${minutes}`, vuh.toFixed(1)]);
  }
});
