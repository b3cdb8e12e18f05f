import { describe, expect, test } from 'vitest';
import { exhaustively } from '../../../../test/support/exhaustively.ts';
import { parseHttpDateMs } from './http-date.ts';
import { readRateLimits } from './rate-limits.ts';
import { readRetryAfterMs } from './retry-after.ts';

const NOW_MS = Date.UTC(2026, 2, 1);

describe('the wait that a server asks for', () => {
  test.each<[Record<string, string>, number | null]>([
    [{ 'RETRY-AFTER': '7' }, 7000],
    [{ 'retry-after': '0.5' }, 500],
    [{ 'retry-after': 'Sunday, 01-Mar-26 00:00:20 GMT' }, 20_000],
    [{ 'retry-after': 'Sun Mar  1 00:00:20 2026' }, 20_000],
    [{ 'retry-after': 'Sat, 28 Feb 2026 23:59:59 GMT' }, 0],
    [{ 'Retry-After-Ms': '1500' }, 1500],
    [{ 'retry-after-ms': '-5', 'retry-after': 'x' }, null],
    [{ 'retry-after': '' }, null],
    [{ 'retry-after': '+7' }, null],
    [{ 'retry-after': '7s' }, null],
    [{ 'retry-after': '1e3' }, null],
    [{ 'retry-after': '0x10' }, null],
    [{ 'retry-after': 'Infinity' }, null],
    [{ 'retry-after': '9'.repeat(400) }, null],
    [{ 'retry-after': '2026-03-01T00:00:20Z' }, null],
    [{ 'retry-after': '1, 2' }, null],
    [{ 'x-retry-after': '7' }, null],
  ])('%j is %s ms', (headers, expected) => {
    expect(readRetryAfterMs(headers, NOW_MS)).toBe(expected);
  });
});

describe('an HTTP date', () => {
  exhaustively('is what Date says, for days of a thousand years', () => {
    const wrong: string[] = [];
    for (let ms = Date.UTC(1600, 0, 1, 1, 2, 3); ms < Date.UTC(2600, 0, 1); ms += 86_400_000 * 13 + 977_000) {
      const date = new Date(ms).toUTCString();
      if (parseHttpDateMs(date, NOW_MS) !== ms) wrong.push(date);
    }
    expect(wrong).toEqual([]);
  });

  test.each([
    'Sun, 31 Feb 2026 00:00:00 GMT',
    'Sun, 29 Feb 2026 00:00:00 GMT',
    'Sun, 00 Mar 2026 00:00:00 GMT',
    'Sun, 01 Mae 2026 00:00:00 GMT',
    'Sun, 01 Mar 2026 24:00:00 GMT',
    'Sun, 01 Mar 2026 00:60:00 GMT',
    'Sun, 01 Mar 2026 00:00:61 GMT',
    'Sun, 01 Mar 2026 00:00:00 +0100',
    'Sun, 01 Mar 2026 00:00:00',
    '01 Mar 2026 00:00:00 GMT',
    'Sun, 1 Mar 26 00:00:00 GMT',
  ])('%s is none', (text) => {
    expect(parseHttpDateMs(text, NOW_MS)).toBeNull();
  });

  test('of two digits is never more than 50 years ahead', () => {
    expect(parseHttpDateMs('Monday, 01-Mar-76 00:00:00 GMT', NOW_MS)).toBe(Date.UTC(2076, 2, 1));
    expect(parseHttpDateMs('Monday, 01-Mar-77 00:00:00 GMT', NOW_MS)).toBe(Date.UTC(1977, 2, 1));
  });

  test('may fall on a leap second', () => {
    expect(parseHttpDateMs('Sat, 31 Dec 2016 23:59:60 GMT', NOW_MS)).toBe(Date.UTC(2017, 0, 1));
  });
});

test('what is left of rate limits is read, by a closed set of names', () => {
  expect(
    readRateLimits({
      'X-Ratelimit-Remaining-Requests': '59',
      'x-ratelimit-remaining-tokens': ' 149984 ',
      'x-ratelimit-remaining-requests-day': '7',
      'anthropic-ratelimit-input-tokens-remaining': '12',
      'x-ratelimit-remaining-of-user-4711': '1',
      'x-ratelimit-limit-requests': '60',
      'x-ratelimit-reset-tokens': '6ms',
      'x-ratelimit-remaining-tokens-minute': 'many',
      'content-type': 'text/html',
    }),
  ).toEqual([
    { limit: 'requests', remaining: 59 },
    { limit: 'tokens', remaining: 149_984 },
    { limit: 'requests-day', remaining: 7 },
    { limit: 'input-tokens', remaining: 12 },
  ]);
});
