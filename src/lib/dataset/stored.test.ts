import { describe, expect, test } from 'vitest';
import { parseDataset } from '../dataset.ts';
import { type Prompt, promptOf } from '../prompts.ts';
import { decodePrompt, encodePrompt, openStored, packDataset } from './stored.ts';

const PROMPTS: Prompt[] = [
  promptOf('Name a bird.'),
  promptOf('j{"not":"a prompt of the other kind"}'),
  promptOf('t'),
  { ...promptOf('A'), system: 'S' },
  { ...promptOf('A'), maxTokens: 5 },
  { ...promptOf('A'), followUps: ['B', 'C'] },
  {
    ...promptOf('A'),
    messages: [
      { role: 'user', content: 'A' },
      { role: 'assistant', content: 'B' },
      { role: 'user', content: 'Zwölf\n"🙂"' },
    ],
  },
];

describe('stored prompts', () => {
  test.each(PROMPTS)('%j comes back as it was', (prompt) => {
    expect(decodePrompt(encodePrompt(prompt))).toEqual(prompt);
  });

  test('a text that was not stored is refused', () => {
    expect(() => decodePrompt('')).toThrow('cannot be read');
    expect(() => decodePrompt('x')).toThrow('cannot be read');
  });

  test('a packed data set tells what it holds', () => {
    const dataset = parseDataset('{"prompt":"A"}\noops\n{"prompt":"B"}\n', {
      fileName: 'a.jsonl',
      setting: 'LLM_DATASET',
    });
    // A SharedArray keeps each element as JSON.
    const shared = packDataset(dataset).map((row): string => JSON.parse(JSON.stringify(row)));
    const stored = openStored(shared);
    expect(stored.count).toBe(2);
    expect(stored.note).toBe('2 prompts from jsonl; 1 row left out (line 2: not JSON)');
    expect([0, 1].map((index) => stored.promptAt(index).messages[0]?.content)).toEqual(['A', 'B']);
  });
});
