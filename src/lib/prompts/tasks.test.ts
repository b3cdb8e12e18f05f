import { expect, test } from 'vitest';
import { MIXED_TASKS } from './mixed-tasks.ts';
import { streamMode } from './tasks.ts';

test.each([
  [[], true, ['chat'], 'streamed'],
  [[], false, ['chat'], 'blocking'],
  [[], true, ['chat', 'embeddings'], 'partly streamed'],
  [[], true, ['embeddings'], 'blocking'],
  [[{ stream: true }], false, ['chat'], 'streamed'],
  [[{ stream: false }], true, ['chat'], 'blocking'],
  [[{ stream: true, kind: 'rerank' }], true, ['rerank'], 'blocking'],
  [MIXED_TASKS, false, ['chat'], 'partly streamed'],
] as const)('tasks %j, LLM_STREAM %s, kinds %j: %s', (tasks, stream, kinds, expected) => {
  expect(streamMode(tasks, stream, kinds)).toBe(expected);
});
