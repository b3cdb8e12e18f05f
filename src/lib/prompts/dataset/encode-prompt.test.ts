import { describe, expect, test } from 'vitest';
import { type Prompt, promptOf } from '../prompt.ts';
import { decodePrompt, encodePrompt } from './encode-prompt.ts';

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
});
