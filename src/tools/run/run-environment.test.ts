import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { folderOfTest } from '../../../test/support/temporary-folder.ts';
import { PROFILE_NAMES } from '../../lib/thresholds/load-profile.ts';
import { refuseOddFiles, withAbsolutePaths } from './run-environment.ts';

test.each([
  ['LLM_DATASET', 'own/prompts.jsonl', '/here/own/prompts.jsonl'],
  ['LLM_DATASET', ' ../prompts.csv ', '/prompts.csv'],
  ['LLM_DATASET', '/data/prompts.csv', '/data/prompts.csv'],
  ['LLM_DATASET', '', ''],
  ['LLM_PRICES', 'prices.json', '/here/prices.json'],
  ['LLM_ARRIVALS', 'trace:t.csv', 'trace:/here/t.csv'],
  ['LLM_ARRIVALS', 'trace:t.csv?unit=s&block=16', 'trace:/here/t.csv?unit=s&block=16'],
  ['LLM_ARRIVALS', 'poisson', 'poisson'],
  ['LLM_THRESHOLDS', 'strict', 'strict'],
  ['LLM_THRESHOLDS', 'my.json', '/here/my.json'],
  ['LLM_THRESHOLDS', 'slo/mine', '/here/slo/mine'],
  ['LLM_MIX', 'a/b=1', 'a/b=1'],
])('%s=%s becomes %s', (name, given, expected) => {
  expect(withAbsolutePaths({ [name]: given }, '/here')).toEqual({ [name]: expected });
});

test('a file named like nothing else is a path, even without an extension', async () => {
  const folder = folderOfTest('env');
  await writeFile(path.join(folder, 'mine'), '{}');
  expect(withAbsolutePaths({ LLM_THRESHOLDS: 'mine' }, folder)).toEqual({
    LLM_THRESHOLDS: path.join(folder, 'mine'),
  });
});

test.each(PROFILE_NAMES)('%s is the built-in profile, whatever lies in the folder', async (name) => {
  const folder = folderOfTest('env');
  await mkdir(path.join(folder, name));
  expect(withAbsolutePaths({ LLM_THRESHOLDS: name }, folder)).toEqual({ LLM_THRESHOLDS: name });
});

test('a folder that is no built-in name is refused as what it is', async () => {
  const folder = folderOfTest('env');
  await mkdir(path.join(folder, 'mine'));
  expect(() => refuseOddFiles(withAbsolutePaths({ LLM_THRESHOLDS: 'mine' }, folder))).toThrow(
    /a regular file, not a folder/,
  );
});

test.each([
  ['LLM_PRICES', 'prices.json'],
  ['LLM_DATASET', 'prompts.jsonl'],
  ['LLM_ARRIVALS', 'trace:t.csv'],
])('%s with a file that is not there is refused by its path', (name, given) => {
  const folder = folderOfTest('env');
  const file = path.join(folder, given.replace('trace:', ''));
  expect(() => refuseOddFiles(withAbsolutePaths({ [name]: given }, folder))).toThrow(
    new RegExp(`^${name}: got "(trace:)?${file}"; expected a file that is there; write ${name}=`),
  );
});
