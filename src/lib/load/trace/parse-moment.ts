import { DAY_MS, daysSince1970 } from '../../parse/calendar.ts';

/** A date and time of day; days are counted from 1970-01-01, so that no digit of the time is lost. */
export type Moment = { day: number; msOfDay: number };

const PATTERN = /^(\d{4})-(\d{2})-(\d{2})[T ](\d{2}):(\d{2}):(\d{2}(?:\.\d+)?) ?(Z|UTC|[+-]\d{2}:?\d{2})?$/i;

/**
 * Reads `2023-11-16 18:15:46.6805900` or ISO 8601, with `Z`, an offset or none (then UTC); any number of digits
 * behind the point. null for anything else, and for dates that do not exist.
 */
export function parseMoment(text: string): Moment | null {
  const match = PATTERN.exec(text.trim());
  if (match === null) return null;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match.slice(1, 7).map(Number);
  const days = daysSince1970(year, month, day);
  if (days === null || hour > 23 || minute > 59 || second >= 61) return null;
  const msOfDay = (hour * 60 + minute - offsetMinutes(match[7])) * 60_000 + second * 1000;
  return { day: days, msOfDay };
}

/** Milliseconds from the first moment to the second, to the microsecond. */
export function msBetween(first: Moment, second: Moment): number {
  const ms = (second.day - first.day) * DAY_MS + (second.msOfDay - first.msOfDay);
  return Math.round(ms * 1000) / 1000;
}

function offsetMinutes(zone: string | undefined): number {
  const match = /^([+-])(\d{2}):?(\d{2})$/.exec(zone ?? '');
  if (match === null) return 0;
  const minutes = Number(match[2]) * 60 + Number(match[3]);
  return match[1] === '-' ? -minutes : minutes;
}
