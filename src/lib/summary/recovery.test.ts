import { expect, test } from 'vitest';
import { readK6Data } from './k6-data.ts';
import { recoveryOf } from './recovery.ts';

/** Median and number of samples of each window, as k6 tells them. */
function recovery(windows: Record<string, [medianMs: number, count: number]>): number | null {
  const metrics = Object.fromEntries(
    Object.entries(windows).map(([window, [med, count]]) => [
      `ai_latency_ms{window:${window}}`,
      { type: 'trend', values: { avg: med, med, count } },
    ]),
  );
  const result = recoveryOf(readK6Data({ metrics }), Object.keys(windows));
  expect(result?.ttftMs).toBeNull();
  return result?.latencyMs ?? null;
}

test.each<[string, Record<string, [number, number]>, number | null]>([
  ['at once', { before: [100, 9], spike: [300, 9], 'after-00': [105, 9], 'after-10': [100, 9] }, 0],
  [
    'in the third window',
    {
      before: [100, 9],
      'after-00': [300, 9],
      'after-10': [150, 9],
      'after-20': [110, 9],
      'after-30': [95, 9],
    },
    20_000,
  ],
  [
    'not for one good window alone',
    { before: [100, 9], 'after-00': [100, 9], 'after-10': [150, 9], 'after-20': [100, 9] },
    null,
  ],
  ['never', { before: [100, 9], 'after-00': [300, 9], 'after-10': [200, 9] }, null],
  [
    'not known: too few samples before',
    { before: [100, 4], 'after-00': [100, 9], 'after-10': [100, 9] },
    null,
  ],
  [
    'not known: too few samples in a window',
    { before: [100, 9], 'after-00': [100, 4], 'after-10': [100, 4] },
    null,
  ],
])('recovered %s', (_name, windows, expected) => {
  expect(recovery(windows)).toBe(expected);
});

test('a scenario without a spike has no recovery', () => {
  expect(recoveryOf(readK6Data({}), [])).toBeNull();
});
