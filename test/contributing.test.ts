import { existsSync, readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';

const root = path.dirname(import.meta.dirname);

test('every path that CONTRIBUTING names is there', async () => {
  const page = await readFile(path.join(root, 'CONTRIBUTING.md'), 'utf8');
  const paths = [...page.matchAll(/`((?:src|bench|test|docs)\/[^` ]+)`/g)].map(([, found]) => found ?? '');
  expect(paths.length).toBeGreaterThan(15);
  expect(paths.filter((found) => !isThere(found))).toEqual([]);
});

/** A `*` stands for any part of a file's name. */
function isThere(found: string): boolean {
  if (!found.includes('*')) return existsSync(path.join(root, found));
  const pattern = new RegExp(`^${path.basename(found).replaceAll('.', '\\.').replace('*', '.*')}$`);
  return readdirSync(path.join(root, path.dirname(found))).some((name) => pattern.test(name));
}
