import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';

const root = path.dirname(import.meta.dirname);

const PAGES = ['README.md', 'CONTRIBUTING.md', 'SECURITY.md', ...pagesIn('docs')];

/** Names of our own files, wherever they are. */
const NAMES = new Set(
  ['src', 'bench', 'test', 'scripts', 'interop']
    .flatMap((folder) => readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' }))
    .map((file) => path.basename(file)),
);

test.each(PAGES)('every path and file that %s names is there', (page) => {
  expect(pathsIn(page).filter((found) => !isThere(found))).toEqual([]);
  expect(namesIn(page).filter((name) => !NAMES.has(name))).toEqual([]);
});

test('CONTRIBUTING names the places where things are, and decisions the files that they are about', () => {
  expect(pathsIn('CONTRIBUTING.md').length).toBeGreaterThan(15);
  expect(PAGES.flatMap(namesIn).length).toBeGreaterThan(15);
});

function pagesIn(folder: string): string[] {
  return readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md'))
    .map((file) => path.join(folder, file));
}

/** `src/lib/money/price-file.ts`; a `*` stands for any part of a file's name. */
function pathsIn(page: string): string[] {
  return matchesIn(page, /`((?:src|bench|test|scripts|docs|interop)\/[^` ]+)`/g);
}

/** `price-file.ts` by itself. Pages for users name files of their own, `checkout.ts`. */
function namesIn(page: string): string[] {
  const isOurs = page === 'CONTRIBUTING.md' || page.startsWith(path.join('docs', 'decisions'));
  return isOurs ? matchesIn(page, /`([a-z0-9-]+(?:\.d)?\.m?ts)`/g) : [];
}

function matchesIn(page: string, pattern: RegExp): string[] {
  return [...readFileSync(path.join(root, page), 'utf8').matchAll(pattern)].map(([, found]) => found ?? '');
}

function isThere(found: string): boolean {
  if (!found.includes('*')) return existsSync(path.join(root, found));
  const pattern = new RegExp(`^${path.basename(found).replaceAll('.', '\\.').replaceAll('*', '.*')}$`);
  return readdirSync(path.join(root, path.dirname(found))).some((name) => pattern.test(name));
}
