import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { folderOfTests } from '../../../test/support/temporary-folder.ts';
import { DATASET_BUDGET_BYTES } from './compact-dataset.ts';
import { withSmallDataset } from './small-dataset.ts';

const folder = folderOfTests('small-dataset');
let largeFile = '';
beforeAll(async () => {
  largeFile = path.join(folder, 'large.jsonl');
  const row = `${JSON.stringify({ prompt: 'Name a bird.', answer: 'x'.repeat(100_000) })}\n`;
  await writeFile(largeFile, `${row.repeat(Math.ceil(DATASET_BUDGET_BYTES / row.length) + 1)}oops\n`);
});

test('a large file is replaced by a small one for the run, and told', async () => {
  const said: string[] = [];
  const { env, remove } = await withSmallDataset({ LLM_DATASET: largeFile, LLM_VUS: '3' }, (line) =>
    said.push(line),
  );
  const small = env['LLM_DATASET'] ?? '';
  expect(env['LLM_VUS']).toBe('3');
  expect(small).not.toBe(largeFile);
  const rows = (await readFile(small, 'utf8')).trim().split('\n');
  expect(said).toEqual([
    `LLM_DATASET: all ${rows.length} usable rows; 1 row left out (line ${rows.length + 1}: not JSON)`,
  ]);
  await remove();
  expect(existsSync(path.dirname(small))).toBe(false);
  expect(existsSync(largeFile)).toBe(true);
});

test.each([
  {},
  { LLM_DATASET: ' ' },
  { LLM_DATASET: '/no/such/file.jsonl' },
  { LLM_DATASET: path.resolve('data/prompts.json') },
])('%j is left alone', async (given) => {
  const { env, remove } = await withSmallDataset(given, () => expect.unreachable());
  expect(env).toEqual(given);
  await remove();
});
