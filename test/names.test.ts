import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';

// One name, one thing: a reader who searches for a type or a file finds one.

const SRC = path.join(import.meta.dirname, '../src');

const FILES = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts') && !file.endsWith('.d.ts'))
  .map((file) => file.replaceAll(path.sep, '/'));

/** Base names that stand more than once, and why. */
const SAME_FILE_NAMES: Readonly<Record<string, string>> = {
  'command.ts': "each command's folder has its own",
  'mock.ts': "each kind's folder has its own",
  'expected.ts': "each kind's folder has its own",
};

/** Exported types that stand more than once, and why. */
const SAME_TYPE_NAMES: Readonly<Record<string, string>> = {};

/** Exported functions and values that stand more than once, and why. */
const SAME_VALUE_NAMES: Readonly<Record<string, string>> = {
  command: "each command's folder has its own",
  MOCK: "each kind's folder has its own",
  EXPECTED: "each kind's folder has its own",
};

/** Words that say how something came about and not what it is. */
const NO_NOUNS = ['given', 'told', 'seen', 'found', 'asked', 'kept', 'made', 'logged', 'known'];

/** What stands more than once, with where. */
function repeated(pairs: readonly (readonly [string, string])[]): Record<string, string[]> {
  const places = new Map<string, string[]>();
  for (const [name, file] of pairs) places.set(name, [...(places.get(name) ?? []), file]);
  return Object.fromEntries([...places].filter(([, files]) => files.length > 1));
}

function typesOf(file: string, exported: boolean): string[] {
  const text = readFileSync(path.join(SRC, file), 'utf8');
  const pattern = exported
    ? /^export (?:abstract )?(?:type|interface|class) (\w+)/gm
    : /^(?:export )?(?:abstract )?(?:type|interface|class) (\w+)/gm;
  return [...text.matchAll(pattern)].map(([, name = '']) => name);
}

/** Overloads of one function are one name; what is exported again from elsewhere has its name there. */
function valuesOf(file: string): string[] {
  const text = readFileSync(path.join(SRC, file), 'utf8');
  const found = text.matchAll(/^export (?:async )?(?:function\*?|const|let) (\w+)/gm);
  return [...new Set([...found].map(([, name = '']) => name))];
}

describe('names', () => {
  test('there is something to look at', () => {
    expect(FILES.length).toBeGreaterThan(300);
    expect(FILES.flatMap((file) => typesOf(file, true)).length).toBeGreaterThan(300);
  });

  test('no two files have one base name', () => {
    const found = repeated(FILES.map((file) => [path.posix.basename(file), file]));
    expect(Object.keys(found).sort()).toEqual(Object.keys(SAME_FILE_NAMES).sort());
  });

  test('no two exported types have one name', () => {
    const found = repeated(FILES.flatMap((file) => typesOf(file, true).map((name) => [name, file] as const)));
    const left = Object.entries(found).filter(([name]) => !(name in SAME_TYPE_NAMES));
    expect(Object.fromEntries(left)).toEqual({});
    expect(Object.keys(SAME_TYPE_NAMES).filter((name) => !(name in found))).toEqual([]);
  });

  test('no two exported functions or values have one name', () => {
    const found = repeated(FILES.flatMap((file) => valuesOf(file).map((name) => [name, file] as const)));
    expect(Object.keys(found).toSorted()).toEqual(Object.keys(SAME_VALUE_NAMES).toSorted());
  });

  test('every type and file is named with a noun', () => {
    const types = FILES.flatMap((file) => typesOf(file, false).map((name) => `${file}: ${name}`));
    const files = FILES.map((file) => `${file}: ${path.posix.basename(file, '.ts')}`);
    const bare = [...types, ...files].filter((entry) =>
      NO_NOUNS.includes(entry.slice(entry.indexOf(': ') + 2).toLowerCase()),
    );
    expect(bare).toEqual([]);
  });
});
