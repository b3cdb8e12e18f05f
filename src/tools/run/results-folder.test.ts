import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { freeResultsDir, freshFolder, runName } from './results-folder.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'k6-llm-results-'));
});
afterEach(() => rm(folder, { recursive: true }));

test('a run is named by its time and its scenario', () => {
  expect(runName('stress', new Date('2026-11-25T04:31:07.123Z'))).toBe('2026-11-25T04-31-07-stress');
});

test('a second run of the same second gets a folder of its own', async () => {
  expect(freeResultsDir('name', folder)).toBe(path.join('results', 'name'));
  await mkdir(path.join(folder, 'results', 'name'), { recursive: true });
  expect(freeResultsDir('name', folder)).toBe(path.join('results', 'name-2'));
});

test("a used folder loses an earlier run's files, and nothing else", async () => {
  for (const name of ['samples.jsonl', 'summary.json', 'report.html', 'notes.txt']) {
    await writeFile(path.join(folder, name), 'old');
  }
  await freshFolder(folder);
  expect(await readdir(folder)).toEqual(['notes.txt']);
});

test('a folder that is missing is made, with those above it', async () => {
  await freshFolder(path.join(folder, 'a', 'b'));
  expect(await readdir(path.join(folder, 'a'))).toEqual(['b']);
});
