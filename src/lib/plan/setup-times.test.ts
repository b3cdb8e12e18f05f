import { expect, test } from 'vitest';
import { preflightTimeMs, setupTimeoutMs, waitWithin } from './setup-times.ts';

const withModels = (count: number, timeoutMs: number) => ({
  mix: Array.from({ length: count }, (_, index) => ({
    model: `m${index}`,
    weight: 1,
    shareRatio: 1 / count,
    kind: null,
  })),
  timeoutMs,
  startAtMs: null,
});

test.each([
  [1, 5000, 90_000],
  [3, 120_000, 600_000],
  [40, 600_000, 600_000],
])('%d models with a time-out of %d ms: setup may take %d ms', (count, timeoutMs, expected) => {
  expect(setupTimeoutMs(withModels(count, timeoutMs))).toBe(expected);
});

test.each([
  [1, 1000],
  [3, 120_000],
  [40, 600_000],
  [200, 30_000],
])(
  'preflight of %d models that never answer, each after %d ms, ends before k6 ends setup',
  (count, timeoutMs) => {
    const settings = withModels(count, timeoutMs);
    const until = preflightTimeMs(settings);
    let nowMs = 0;
    let asked = 0;
    for (let tries = 0; tries < count * 4 + 2; tries++) {
      const waitMs = waitWithin(until - nowMs, timeoutMs);
      if (waitMs === null) break;
      asked += 1;
      nowMs += waitMs;
    }
    expect(asked).toBeGreaterThanOrEqual(1);
    expect(nowMs).toBeLessThanOrEqual(setupTimeoutMs(settings) - 30_000);
  },
);

test.each([
  [10_000, 5000, 5000],
  [3000.7, 5000, 3000],
  [900, 5000, null],
  [900, 500, 500],
  [-1, 500, null],
])('%d ms left of a time-out of %d: wait %s', (leftMs, timeoutMs, expected) => {
  expect(waitWithin(leftMs, timeoutMs)).toBe(expected);
});
