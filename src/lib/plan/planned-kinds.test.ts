import { expect, test } from 'vitest';
import { readSettings } from '../settings/settings.ts';
import type { Task } from '../prompts/tasks.ts';
import { plannedKinds } from './planned-kinds.ts';

const kindsFor = (env: Record<string, string>, tasks: readonly Task[] = []) =>
  plannedKinds({
    settings: readSettings({ LLM_PROVIDER: 'mock', LLM_MIX: 'm', LLM_IMAGES: '1:64x64', ...env }),
    parts: [{ requestKind: null }],
    tasks,
    own: [],
    rows: [],
  });

test.each(['completions', 'embeddings', 'rerank'])('pictures are refused for %s alone', (kind) => {
  expect(() => kindsFor({ LLM_KIND: kind })).toThrow(
    `LLM_IMAGES: got "1:64x64"; expected nothing for ${kind}: pictures go with chat, responses, messages; write LLM_KIND=chat`,
  );
});

test.each([['chat'], ['messages'], ['responses']])('pictures go with %s', (kind) => {
  expect(kindsFor({ LLM_KIND: kind })).toEqual([kind]);
});

test('beside embeddings, only what is said shows pictures', () => {
  expect(kindsFor({ LLM_MIX: 'm=70,embeddings:e=30' })).toEqual(['chat', 'embeddings']);
});

test('tasks, whose questions are their own, take none', () => {
  const task = {
    name: 't',
    weight: 1,
    model: 'm',
    maxTokens: 5,
    temperature: 0,
    stream: false,
    prompts: ['Hi'],
  };
  expect(() => kindsFor({}, [task])).toThrow(
    'LLM_IMAGES: got "1:64x64"; expected nothing in a scenario of tasks, whose questions are its own',
  );
});
