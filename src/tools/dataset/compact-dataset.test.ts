import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { folderOfTest } from '../../../test/support/temporary-folder.ts';
import { parseDataset } from '../../lib/prompts/dataset/dataset.ts';
import { decodePrompt } from '../../lib/prompts/dataset/encode-prompt.ts';
import { compactDataset } from './compact-dataset.ts';

let directory = '';
beforeEach(() => {
  directory = folderOfTest('dataset');
});

async function compact(fileName: string, text: string, budgetBytes: number) {
  const inputFile = join(directory, fileName);
  const outputFile = join(directory, 'small.jsonl');
  await writeFile(inputFile, text);
  const result = await compactDataset(inputFile, {
    outputFile,
    setting: 'LLM_DATASET',
    seed: 42,
    budgetBytes,
  });
  const small = result === null ? '' : await readFile(outputFile, 'utf8');
  const prompts =
    small === '' ? [] : parseDataset(small, { fileName: outputFile, setting: 'x' }).rows.map(decodePrompt);
  return { result, small, prompts };
}

const shareGpt = (index: number) => ({
  id: index,
  conversations: [
    { from: 'system', value: 'Be brief.' },
    { from: 'human', value: `Question ${index}` },
    { from: 'gpt', value: 'A long answer. '.repeat(50) },
    { from: 'human', value: 'And then?' },
    { from: 'gpt', value: 'Nothing. '.repeat(50) },
  ],
});
const rows = Array.from({ length: 300 }, (_, index) => shareGpt(index));
const lines = rows.map((row) => `${JSON.stringify(row)}\n`).join('');

describe('compactDataset', () => {
  test('a file within the budget is used as it is', async () => {
    expect((await compact('a.jsonl', lines, 10_000_000)).result).toBeNull();
  });

  test('a file of sessions is used as it is, however large', async () => {
    const turn = JSON.stringify({ session: 'a', messages: [{ role: 'user', content: 'x'.repeat(90_000) }] });
    expect((await compact('a.jsonl', `${turn}\n${turn}\n`, 1000)).result).toBeNull();
  });

  test.each([
    ['a.jsonl', lines],
    ['a.json', JSON.stringify(rows)],
    ['a.json', lines],
    [
      'a.csv',
      `prompt,system,answer\n${rows.map(({ id }) => `Question ${id},Be brief.,${'x'.repeat(900)}\n`).join('')}`,
    ],
  ])('%s: recorded answers go, every prompt stays the same', async (fileName, text) => {
    const { result, small, prompts } = await compact(fileName, text, 100_000);
    expect(result).toMatchObject({ usableRows: 300, keptRows: 300 });
    expect(small.length).toBeLessThan(text.length / 5);
    const original = parseDataset(text, { fileName, setting: 'x' }).rows.map(decodePrompt);
    expect(prompts).toEqual(original);
  });

  test('a sample by the seed keeps to the budget, and takes rows from everywhere alike', async () => {
    const many = Array.from(
      { length: 5000 },
      (_, index) => `{"prompt":"${index} ${'y'.repeat(index % 100)}"}\n`,
    ).join('');
    const { result, small, prompts } = await compact('a.jsonl', many, 60_000);
    expect(result?.usableRows).toBe(5000);
    expect(small.length).toBeLessThanOrEqual(60_000);
    expect(small.length).toBeGreaterThan(50_000);
    const numbers = prompts.map(({ messages }) => Number.parseInt(messages[0]?.content ?? '', 10));
    expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
    const firstHalf = numbers.filter((number) => number < 2500).length / numbers.length;
    expect(Math.abs(firstHalf - 0.5)).toBeLessThan(0.06);
    const short = numbers.filter((number) => number % 100 < 50).length / numbers.length;
    expect(Math.abs(short - 0.5)).toBeLessThan(0.06);
  });

  test('bad rows are told by number, with messages and limits kept', async () => {
    const text = `\uFEFF{"messages":[{"role":"user","content":"A"},{"role":"assistant","content":"B"},{"role":"user","content":"C"}],"max_tokens":5}\noops\n\n{"prompt":"B"`;
    const { result, prompts } = await compact('a.jsonl', text, 20);
    expect(result?.skipped).toMatchObject({ count: 2, examples: [{ row: 2 }, { row: 4 }] });
    expect(prompts).toMatchObject([
      {
        system: null,
        messages: [
          { role: 'user', content: 'A' },
          { role: 'assistant', content: 'B' },
          { role: 'user', content: 'C' },
        ],
        followUps: [],
        maxTokens: 5,
      },
    ]);
  });

  test.each([
    ['binary.jsonl', '\u0000\u0001'.repeat(50), /binary|UTF-16/],
    ['a.jsonl', 'oops\n'.repeat(50), /no row can be used: 50 rows left out/],
    ['a.json', '[{"prompt":"A"},'.repeat(5), /half-written/],
  ])('%s: refused', async (fileName, text, message) => {
    await expect(compact(fileName, text, 20)).rejects.toThrow(message);
  });
});
