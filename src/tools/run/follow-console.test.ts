import { appendFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { folderOfTest } from '../../../test/support/temporary-folder.ts';
import { followConsole } from './follow-console.ts';

let folder = '';
let file = '';
let said: string[] = [];
const say = (line: string): void => void said.push(line);
beforeEach(() => {
  folder = folderOfTest('tail');
  file = path.join(folder, 'samples.jsonl');
  said = [];
});

const SAMPLE = `["llm-s2",1,2,"${'x'.repeat(200)}"]\n`;

test('says what is no sample, while the file grows and at its end', async () => {
  const tail = followConsole(file, { say });
  await writeFile(file, `hello\n${SAMPLE}half`);
  await expect.poll(() => said).toEqual(['hello']);
  await appendFile(file, ` a line\n["llm-h1"]\n["llm-g1"]\n["other"]\nno end`);
  await tail.stop();
  expect(said).toEqual(['hello', 'half a line', '["other"]', 'no end']);
});

test('reads a file of many chunks, cut within lines and characters', async () => {
  const block = SAMPLE.repeat(5000);
  await writeFile(file, Array.from({ length: 8 }, (_, index) => `${block}zäöü€ ${index}\n`).join(''));
  const tail = followConsole(file, { say });
  await tail.stop();
  expect(said).toEqual(Array.from({ length: 8 }, (_, index) => `zäöü€ ${index}`));
});

test('a line without an end is said in parts, not kept', async () => {
  await writeFile(file, 'y'.repeat(11 << 20));
  const tail = followConsole(file, { say });
  await tail.stop();
  expect(said.join('')).toHaveLength(11 << 20);
  expect(said.length).toBeGreaterThan(1);
});

test('says nothing of a file that never came', async () => {
  const tail = followConsole(file, { say });
  await tail.stop();
  expect(said).toEqual([]);
});
