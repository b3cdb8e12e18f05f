import { DAY_MS } from '../parse/calendar.ts';
import { parseMoment } from '../load/trace/parse-moment.ts';
import { ConfigError } from '../parse/config-error.ts';
import type { Parse } from '../parse/values.ts';

/** `2026-11-25T10:00:00Z` or seconds since 1970, as ms since 1970. */
export const parseStartTime: Parse<number> = (value, name) => {
  const text = value.trim();
  if (/^\d{9,10}(\.\d+)?$/.test(text)) return Number(text) * 1000;
  const moment = parseMoment(text);
  if (moment !== null && /(Z|UTC|[+-]\d{2}:?\d{2})$/i.test(text)) return moment.day * DAY_MS + moment.msOfDay;
  throw new ConfigError({
    setting: name,
    got: value,
    expected: 'a date and time with its zone, or seconds since 1970',
    example: `${name}=2026-11-25T10:00:00Z`,
  });
};
