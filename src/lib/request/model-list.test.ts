import { describe, expect, test } from 'vitest';
import { isSameName, nameDoubt, readModelList } from './model-list.ts';

describe('a list of models', () => {
  test.each<[string, unknown, string[] | null]>([
    ['OpenAI', { object: 'list', data: [{ id: 'a' }, { id: 'b' }] }, ['a', 'b']],
    ['Ollama', { models: [{ name: 'llama3:latest', model: 'llama3:latest' }] }, ['llama3:latest']],
    ['Google', { models: [{ name: 'models/gemini-2.5-pro' }] }, ['models/gemini-2.5-pro']],
    ['a bare list', ['a'], ['a']],
    ['entries of no use', { data: [null, 1, {}, { id: 7 }, { id: '' }] }, []],
    ['an error', { error: { message: 'no' } }, null],
    ['no JSON', '<html>', null],
  ])('%s', (_name, body, expected) => {
    expect(readModelList(typeof body === 'string' ? body : JSON.stringify(body))).toEqual(expected);
  });
});

describe('whether a name is another', () => {
  test.each<[string, string, boolean]>([
    ['gpt-4.1', 'gpt-4.1-2025-04-14', true],
    ['openai/gpt-4.1', 'gpt-4.1', true],
    ['llama3', 'llama3:latest', true],
    ['gemini-2.5-pro', 'models/gemini-2.5-pro', true],
    ['Qwen/Qwen3-8B', 'qwen3-8b', true],
    ['gpt-4.1', 'gpt-4.1-mini', false],
    ['gpt-4.1', 'tiny-random', false],
  ])('%s and %s: %s', (one, other, expected) => {
    expect(isSameName(one, other)).toBe(expected);
    expect(isSameName(other, one)).toBe(expected);
  });
});

describe('what is said of a name', () => {
  test.each<[string | null, string[] | null, string | null]>([
    [
      'tiny-random',
      ['tiny-random'],
      'asked gpt-4.1, answered tiny-random, the server lists only tiny-random',
    ],
    ['tiny-random', null, 'asked gpt-4.1, answered tiny-random'],
    ['gpt-4o', ['gpt-4.1', 'gpt-4o'], 'asked gpt-4.1, answered gpt-4o'],
    ['gpt-4.1-2025-04-14', ['tiny-random'], null],
    [null, ['a', 'b'], 'asked gpt-4.1, the server lists a, b'],
    [null, ['1', '2', '3', '4', '5', '6'], 'asked gpt-4.1, the server lists 1, 2, 3, 4, 5 and 1 more'],
    [null, ['gpt-4.1'], null],
    [null, null, null],
  ])('answered %s, listed %j', (answered, listed, expected) => {
    expect(nameDoubt('gpt-4.1', { answered, listed })).toBe(expected);
  });
});
