import { expect, test } from 'vitest';
import { killedText, wasInterrupted } from './ended-by.ts';

test.each<[exitCode: number, interrupted: boolean, killed: string | null]>([
  [0, false, null],
  [99, false, null],
  [105, true, null],
  [129, true, null],
  [130, true, null],
  [143, true, null],
  [137, false, 'k6 was killed (SIGKILL), as a system that is out of memory does'],
  [134, false, 'k6 was killed (SIGABRT)'],
  [139, false, 'k6 was killed (SIGSEGV)'],
  [227, false, 'k6 was killed (signal 99)'],
])('an end with %i', (exitCode, interrupted, killed) => {
  expect([wasInterrupted(exitCode), killedText(exitCode)]).toEqual([interrupted, killed]);
});
