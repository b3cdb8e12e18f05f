import { expect, test } from 'vitest';
import { parseQuestions } from './preflight-questions.ts';

const ALL = ['models', 'chat', 'lengths', 'metrics', 'redirects'];

test.each<[string, string[]]>([
  ['1', ALL],
  [' on ', ALL],
  ['0', []],
  ['false', []],
  ['chat', ['chat']],
  ['metrics, chat', ['chat', 'metrics']],
  ['-models', ['chat', 'lengths', 'metrics', 'redirects']],
  ['-models,-lengths,-chat', ['metrics', 'redirects']],
])('%j asks %j', (value, expected) => {
  expect(parseQuestions(value, 'LLM_PREFLIGHT')).toEqual(expected);
});

test.each([
  ['modles', 'did you mean models?'],
  ['chat,-models', 'each with a minus to leave it out, or none'],
  ['-models,chat', 'each with a minus'],
  ['1,chat', 'expected 1, 0, or some of'],
  ['constructor', 'expected 1, 0, or some of'],
  [',', 'expected 1, 0, or some of'],
])('%j is refused', (value, why) => {
  expect(() => parseQuestions(value, 'LLM_PREFLIGHT')).toThrow(why);
});
