import { findHeader, type Headers } from './find-header.ts';
import { parseHttpDateMs } from './http-date.ts';

const PLAIN_NUMBER = /^\d+(\.\d+)?$/;

/**
 * The wait that a server asked for, in ms: `retry-after-ms` (OpenAI, Azure), else `Retry-After` as seconds or as
 * an HTTP date (RFC 9110, 10.2.3; a date that has passed is 0). null: none, or nothing that can be understood;
 * the caller then uses its own back-off. No cap: callers cap and report it.
 *
 * @param nowMs wall-clock ms since 1970, for dates.
 */
export function readRetryAfterMs(headers: Headers, nowMs: number): number | null {
  const inMs = plainNumber(findHeader(headers, 'retry-after-ms'));
  if (inMs !== null) return inMs;
  const text = findHeader(headers, 'retry-after');
  if (text === null) return null;
  const seconds = plainNumber(text);
  if (seconds !== null) return seconds * 1000;
  const atMs = parseHttpDateMs(text, nowMs);
  return atMs === null ? null : Math.max(0, atMs - nowMs);
}

/** Digits, with a fraction at most: no sign, no exponent, no unit. */
function plainNumber(text: string | null): number | null {
  if (text === null || !PLAIN_NUMBER.test(text)) return null;
  const value = Number(text);
  return value <= Number.MAX_SAFE_INTEGER ? value : null;
}
