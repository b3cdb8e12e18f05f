import { describe, expect, test } from 'vitest';
import { DAY_MS, daysSince1970 } from './calendar.ts';

describe('the calendar', () => {
  test('counts days as Date does, over five centuries', () => {
    for (let day = -130_000; day < 60_000; day += 17) {
      const date = new Date(day * DAY_MS);
      const found = daysSince1970(date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate());
      expect(found, date.toISOString()).toBe(day);
    }
  });

  test.each([
    [2023, 2, 29],
    [1900, 2, 29],
    [2024, 2, 30],
    [2024, 4, 31],
    [2024, 0, 1],
    [2024, 13, 1],
    [2024, 1, 0],
    [2024, 12, 32],
    [2024, Number.NaN, 1],
    [2024, 1, Number.NaN],
  ])('has no day %d-%d-%d', (year, month, day) => {
    expect(daysSince1970(year, month, day)).toBeNull();
  });

  test.each([
    [2000, 2, 29, 11_016],
    [2024, 2, 29, 19_782],
    [1970, 1, 1, 0],
  ])('has a day %d-%d-%d', (year, month, day, days) => {
    expect(daysSince1970(year, month, day)).toBe(days);
  });
});
