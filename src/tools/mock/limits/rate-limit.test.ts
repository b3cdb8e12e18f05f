import { expect, test } from 'vitest';
import { RateLimit } from './rate-limit.ts';

test('a burst passes, then requests pass as the bucket fills', () => {
  let nowMs = 0;
  const limit = new RateLimit({ requestsPerMinute: 60, burstRequests: 2, tokensPerMinute: 1e6 }, () => nowMs);
  expect([limit.admit(1), limit.admit(1)]).toEqual([null, null]);
  expect(limit.admit(1)).toBe(1000);
  nowMs = 400;
  expect(limit.admit(1)).toBeCloseTo(600, 6);
  nowMs = 1000;
  expect(limit.admit(1)).toBeNull();
  expect(limit.headers()['x-ratelimit-remaining-requests']).toBe('0');
  nowMs = 60_000;
  expect(limit.headers()['x-ratelimit-remaining-requests']).toBe('2');
});

test('tokens run out too, and the wait is until there is one again', () => {
  let nowMs = 0;
  const limit = new RateLimit(
    { requestsPerMinute: 1e6, burstRequests: 100, tokensPerMinute: 600 },
    () => nowMs,
  );
  expect(limit.admit(1000)).toBeNull();
  expect(limit.headers()['x-ratelimit-remaining-tokens']).toBe('0');
  expect(limit.admit(1)).toBeCloseTo(40_100, 6);
  nowMs = 40_100;
  expect(limit.admit(1)).toBeNull();
});
