import { UsageError } from './define-command.ts';

/** What a number may be: whole unless `fraction`, from `min` (0) to `max`. */
export type NumberRange = { fallback: number; min?: number; max?: number; fraction?: boolean };

/** Reads a flag's number; the fallback if it is not given. Throws UsageError. */
export function readNumber(flag: string, text: string | undefined, range: NumberRange): number {
  if (text === undefined) return range.fallback;
  const { min = 0, max = Number.MAX_SAFE_INTEGER, fraction = false } = range;
  const form = fraction ? /^\d+(\.\d+)?$/ : /^\d+$/;
  const value = form.test(text) ? Number(text) : NaN;
  if (value >= min && value <= max) return value;
  const kind = fraction ? 'a number' : 'a whole number';
  const upTo = max === Number.MAX_SAFE_INTEGER ? `of at least ${min}` : `from ${min} to ${max}`;
  throw new UsageError(
    `${flag}: got "${text}"; expected ${kind} ${upTo}; write ${flag} ${Math.max(min, range.fallback)}`,
  );
}
