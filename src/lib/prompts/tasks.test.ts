import { expect, test } from 'vitest';
import { MIXED_TASKS, streamMode } from './tasks.ts';

test.each([
  [[], true, 'streamed'],
  [[], false, 'blocking'],
  [[{ stream: true }], false, 'streamed'],
  [[{ stream: false }], true, 'blocking'],
  [MIXED_TASKS, false, 'partly streamed'],
] as const)('tasks %j, LLM_STREAM %s: %s', (tasks, stream, expected) => {
  expect(streamMode(tasks, stream)).toBe(expected);
});
