import { DAY_MS, daysSince1970 } from '../../parse/calendar.ts';

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const TIME = '(\\d\\d):(\\d\\d):(\\d\\d)';
/** `Sun, 06 Nov 1994 08:49:37 GMT`, the form that servers must write. */
const IMF_FIXDATE = new RegExp(`^[a-z]{3}, (\\d{1,2}) ([a-z]{3}) (\\d{4}) ${TIME} (?:gmt|utc)$`, 'i');
/** `Sunday, 06-Nov-94 08:49:37 GMT`, obsolete. */
const RFC_850 = new RegExp(`^[a-z]{6,9}, (\\d\\d)-([a-z]{3})-(\\d\\d) ${TIME} (?:gmt|utc)$`, 'i');
/** `Sun Nov  6 08:49:37 1994`, obsolete. */
const ASCTIME = new RegExp(`^[a-z]{3} ([a-z]{3}) {1,2}(\\d{1,2}) ${TIME} (\\d{4})$`, 'i');

/**
 * An HTTP date in its three forms (RFC 9110, 5.6.7) as ms since 1970; null when it is none of them or no such
 * day exists. The name of the weekday is not checked against the date. Pure arithmetic: no clock, no `Date`.
 *
 * @param nowMs resolves a year of two digits: it is never more than 50 years ahead.
 */
export function parseHttpDateMs(text: string, nowMs: number): number | null {
  const fixed = IMF_FIXDATE.exec(text);
  if (fixed !== null) {
    const [, day, month, year, ...time] = fixed;
    return toMs({ year: Number(year), month, day, time });
  }
  const rfc850 = RFC_850.exec(text);
  if (rfc850 !== null) {
    const [, day, month, year, ...time] = rfc850;
    return toMs({ year: fullYear(Number(year), nowMs), month, day, time });
  }
  const asctime = ASCTIME.exec(text);
  if (asctime === null) return null;
  const [, month, day, hour, minute, second, year] = asctime;
  return toMs({ year: Number(year), month, day, time: [hour, minute, second] });
}

function toMs(parts: {
  year: number;
  month: string | undefined;
  day: string | undefined;
  time: readonly (string | undefined)[];
}): number | null {
  const month = MONTHS.indexOf((parts.month ?? '').toLowerCase()) + 1;
  const [hour = Number.NaN, minute = Number.NaN, second = Number.NaN] = parts.time.map(Number);
  const days = daysSince1970(parts.year, month, Number(parts.day));
  // 60 is a leap second.
  if (days === null || !(hour <= 23 && minute <= 59 && second <= 60)) return null;
  return days * DAY_MS + ((hour * 60 + minute) * 60 + second) * 1000;
}

function fullYear(twoDigits: number, nowMs: number): number {
  const thisYear = 1970 + Math.floor(nowMs / (365.2425 * DAY_MS));
  const year = Math.floor(thisYear / 100) * 100 + twoDigits;
  return year > thisYear + 50 ? year - 100 : year;
}
