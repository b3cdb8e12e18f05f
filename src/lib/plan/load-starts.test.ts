import { expect, test } from 'vitest';
import { isOfLoadStart, loadStarts, nextLoadStart, startTag, withoutLoadStart } from './load-starts.ts';

test('reach as far as the longest setup', () => {
  expect(loadStarts(500)).toEqual([1000]);
  expect(loadStarts(9000)).toEqual([1000, 2000, 4000, 8000, 16_000]);
});

test.each([0, 1, 999, 1000, 1001, 24_000, 600_000])(
  'after %i ms of setup, the next one is one of them',
  (ms) => {
    const next = nextLoadStart(ms);
    expect(next).toBeGreaterThanOrEqual(ms);
    expect(next).toBeLessThan(Math.max(1001, 2 * ms));
    expect(loadStarts(600_000)).toContain(next);
  },
);

test('are tags of thresholds that only end the run', () => {
  const key = `ai_latency_ms{model:m,step:03,start:${startTag(2000)}}`;
  expect(key).toBe('ai_latency_ms{model:m,step:03,start:2s}');
  expect([isOfLoadStart(key), withoutLoadStart(key)]).toEqual([true, 'ai_latency_ms{model:m,step:03}']);
  expect(isOfLoadStart(withoutLoadStart(key))).toBe(false);
});
