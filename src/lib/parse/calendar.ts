export const DAY_MS = 86_400_000;

/**
 * Days from 1970-01-01 to a day of the Gregorian calendar; null when there is no such day. Pure arithmetic: no `Date`.
 *
 * @param month from 1 to 12.
 */
export function daysSince1970(year: number, month: number, day: number): number | null {
  if (!(month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month))) return null;
  let days = (year - 1970) * 365 + leapDaysUntil(year - 1) - leapDaysUntil(1969);
  for (let earlier = 1; earlier < month; earlier++) days += daysIn(year, earlier);
  return days + day - 1;
}

function daysIn(year: number, month: number): number {
  if (month === 2) return isLeap(year) ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}

function isLeap(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
}

/** 29ths of February from the year 1 to the end of a year. */
function leapDaysUntil(year: number): number {
  return Math.floor(year / 4) - Math.floor(year / 100) + Math.floor(year / 400);
}
