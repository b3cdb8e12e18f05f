import { expect, test } from 'vitest';
import { PromptCache } from './prompt-cache.ts';

const PREFIX = 'You are a patient librarian who answers in one sentence. '.repeat(20);

test('a repeated prefix is cached in whole blocks of 64 characters, 16 tokens each', () => {
  const cache = new PromptCache();
  expect(cache.lookUp('m', `${PREFIX}Name a bird.`)).toBe(0);
  const shared = Math.floor(PREFIX.length / 64) * 16;
  expect(cache.lookUp('m', `${PREFIX}Which fish?`)).toBe(shared);
  expect(cache.lookUp('m', `${PREFIX}Name a bird.`)).toBe(Math.floor((PREFIX.length + 12) / 64) * 16);
});

test('a difference at the start leaves nothing, and another model shares nothing', () => {
  const cache = new PromptCache();
  cache.lookUp('m', PREFIX);
  expect(cache.lookUp('m', `x${PREFIX}`)).toBe(0);
  expect(cache.lookUp('other', PREFIX)).toBe(0);
  cache.clear();
  expect(cache.lookUp('m', PREFIX)).toBe(0);
});
