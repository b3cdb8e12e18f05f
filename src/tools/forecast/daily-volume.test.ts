import { expect, test } from 'vitest';
import { readDailyVolume } from './daily-volume.ts';

test('a volume is so many requests, or users with so many each; nothing said is a thousand', () => {
  expect(readDailyVolume({ 'requests-per-day': '20000' }).requestsPerDay).toBe(20_000);
  expect(readDailyVolume({ users: '200', 'per-user-per-day': '2.5' })).toEqual({
    requestsPerDay: 500,
    words: '200 users with 2.5 requests a day each',
  });
  expect(readDailyVolume({}).words).toContain('nobody said');
});

test.each([
  [{ users: '200' }, /--users: got no --per-user-per-day/],
  [{ 'per-user-per-day': '3' }, /--per-user-per-day: got no --users/],
  [{ 'requests-per-day': '5', users: '2' }, /--requests-per-day: got it with --users/],
  [{ 'requests-per-day': '0' }, /--requests-per-day: got "0"/],
  [{ 'requests-per-day': '-3' }, /--requests-per-day: got "-3"/],
  [{ users: 'many', 'per-user-per-day': '3' }, /--users: got "many"/],
])('%j is refused by name', (values, message) => {
  expect(() => readDailyVolume(values)).toThrow(message);
});
