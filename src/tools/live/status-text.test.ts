import { expect, test } from 'vitest';
import { clockText, type StatusFacts, statusText } from './status-text.ts';

const FACTS: StatusFacts = {
  elapsedMs: 125_000,
  plannedMs: 480_000,
  requestsPerSec: 18.34,
  askedPerSec: 20,
  users: 12,
  latencyP95Ms: 4123,
  ttftP95Ms: 410.4,
  errorRatio: 0.0034,
  costUsd: 0.1312,
};

test.each([
  ['an open load', {}, '2:05, 5:55 left  18.3/s of 20.0  p95 4.1 s, TTFT 410 ms  0.34 % failed  $0.131'],
  [
    'users',
    { askedPerSec: null, ttftP95Ms: null },
    '2:05, 5:55 left  18.3/s by 12 users  p95 4.1 s  0.34 % failed  $0.131',
  ],
  [
    'a number of requests',
    { plannedMs: null, askedPerSec: null, users: 1, costUsd: null, errorRatio: 0 },
    '2:05  18.3/s by 1 user  p95 4.1 s, TTFT 410 ms  0 % failed',
  ],
  [
    'the end',
    { elapsedMs: 481_000, askedPerSec: null, latencyP95Ms: null, ttftP95Ms: null },
    '8:01, last answers  18.3/s by 12 users  0.34 % failed  $0.131',
  ],
  [
    'nothing yet',
    {
      askedPerSec: 1,
      requestsPerSec: 0,
      latencyP95Ms: null,
      ttftP95Ms: null,
      errorRatio: null,
      costUsd: null,
    },
    '2:05, 5:55 left  0.00/s of 1.00',
  ],
])('says in one line how %s goes', (_, change, expected) => {
  expect(statusText({ ...FACTS, ...change }, 79)).toBe(expected);
});

test('fits 80 columns even when all is large, and leaves out the last parts before it breaks', () => {
  const large: StatusFacts = {
    elapsedMs: 3_600_000 * 11,
    plannedMs: 3_600_000 * 23,
    requestsPerSec: 12_345,
    askedPerSec: 20_000,
    users: 1,
    latencyP95Ms: 119_999,
    ttftP95Ms: 99_999,
    errorRatio: 0.9999,
    costUsd: 123_456.78,
  };
  for (const columns of [79, 40, 20]) expect(statusText(large, columns).length).toBeLessThanOrEqual(columns);
  expect(statusText(large, 79)).toContain('12345/s of 20000  p95 120 s, TTFT 100 s');
});

test.each([
  [0, '0:00'],
  [59_600, '1:00'],
  [3_725_000, '1:02:05'],
])('%d ms is %s', (ms, text) => {
  expect(clockText(ms)).toBe(text);
});
