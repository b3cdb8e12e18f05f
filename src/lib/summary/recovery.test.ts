import { expect, test } from 'vitest';
import { readK6Data } from './k6-data.ts';
import { recoveryOf, recoveryText } from './recovery.ts';
import type { RecoveryState } from './summary.ts';

/** Median and number of samples of each window, as k6 tells them. */
function recovered(windows: Record<string, [medianMs: number, count: number]>) {
  const metrics = Object.fromEntries(
    Object.entries(windows).map(([window, [med, count]]) => [
      `ai_latency_ms{window:${window}}`,
      { type: 'trend', values: { avg: med, med, count } },
    ]),
  );
  const result = recoveryOf(readK6Data({ metrics }), Object.keys(windows));
  expect(result).toMatchObject({ ttftMs: null, ttft: 'too-few' });
  return result!;
}

function recovery(windows: Record<string, [number, number]>): number | null {
  return recovered(windows).latencyMs;
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

test('first tokens recover by their own windows, of five samples at the least', () => {
  const windows = { before: 100, spike: 300, 'after-00': 200, 'after-10': 100, 'after-20': 100 };
  const metrics = Object.fromEntries(
    Object.entries(windows).map(([window, med]) => [
      `ai_ttft_ms{window:${window}}`,
      { type: 'trend', values: { avg: med, med, count: 5 } },
    ]),
  );
  expect(recoveryOf(readK6Data({ metrics }), Object.keys(windows))).toEqual({
    ttftMs: 10_000,
    ttft: 'back',
    latencyMs: null,
    latency: 'too-few',
  });
});

test('a scenario without a spike has no recovery', () => {
  expect(recoveryOf(readK6Data({}), [])).toBeNull();
});

test.each<[RecoveryState, Record<string, [number, number]>, RegExp]>([
  ['back', { before: [100, 9], spike: [300, 9], 'after-00': [105, 9], 'after-10': [100, 9] }, /after 0\.0 s/],
  ['not-seen', { before: [100, 9], spike: [300, 9], 'after-00': [305, 9], 'after-10': [200, 9] }, /not seen/],
  [
    'never-left',
    { before: [100, 9], spike: [105, 9], 'after-00': [99, 9], 'after-10': [0, 1] },
    /never left/,
  ],
  ['too-few', { before: [100, 4], spike: [300, 9], 'after-00': [105, 9] }, /too few/],
  ['too-few', { before: [100, 9], spike: [300, 2], 'after-00': [105, 9] }, /too few/],
  ['too-few', { before: [100, 9], spike: [300, 9], 'after-00': [305, 9], 'after-10': [200, 2] }, /too few/],
])('%s: %j', (state, windows, words) => {
  const { latency, latencyMs } = recovered(windows);
  expect(latency).toBe(state);
  expect(recoveryText(latency, latencyMs)).toMatch(words);
});
