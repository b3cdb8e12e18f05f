import { ConfigError } from './config-error.ts';
import { hint } from './did-you-mean.ts';
import { parseJsonRecord } from './json.ts';

/** Turns the text of one setting into its value, or throws a `ConfigError` that names the setting. */
export type Parse<T> = (text: string, setting: string) => T;

/** Any text, as it is. */
export const text: Parse<string> = (value) => value;

/** `1`, `true`, `yes`, `on` and their opposites. */
export const flag: Parse<boolean> = (value, setting) => {
  const word = value.trim().toLowerCase();
  if (['1', 'true', 'yes', 'on'].includes(word)) return true;
  if (['0', 'false', 'no', 'off'].includes(word)) return false;
  throw new ConfigError({ setting, got: value, expected: '1 or 0', example: `${setting}=1` });
};

/** One word of a closed list. */
export function oneOf<const W extends string>(words: readonly W[]): Parse<W> {
  return (value, setting) => {
    const found = words.find((word) => word === value.trim());
    if (found !== undefined) return found;
    throw new ConfigError({
      setting,
      got: value,
      expected: `one of ${words.join(', ')}${hint(value.trim(), words)}`,
      example: `${setting}=${words[0]}`,
    });
  };
}

type Range = { min: number; max: number; example: string };

/** A whole number within a range, both ends allowed. */
export function integer(range: Range): Parse<number> {
  return (value, setting) => {
    const trimmed = value.trim();
    const parsed = /^[+-]?\d+$/.test(trimmed) ? Number(trimmed) : Number.NaN;
    return within(parsed, range, { setting, got: value, what: 'a whole number' });
  };
}

/** A number within a range, both ends allowed. No hex, no `Infinity`, no empty text. */
export function decimal(range: Range): Parse<number> {
  return (value, setting) => {
    const trimmed = value.trim();
    const parsed = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(trimmed) ? Number(trimmed) : Number.NaN;
    return within(parsed, range, { setting, got: value, what: 'a number' });
  };
}

function within(
  parsed: number,
  { min, max, example }: Range,
  { setting, got, what }: { setting: string; got: string; what: string },
): number {
  if (Number.isFinite(parsed) && parsed >= min && parsed <= max) return parsed;
  const bounds = max === Number.MAX_SAFE_INTEGER ? `of at least ${min}` : `from ${min} to ${max}`;
  throw new ConfigError({ setting, got, expected: `${what} ${bounds}`, example: `${setting}=${example}` });
}

const MS_PER_UNIT: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** A duration in k6's notation, `90s`, `1m30s`, `500ms`, `0s`, as ms. A bare number has no unit and is refused. */
export function durationMs({ min, max, example }: Range): Parse<number> {
  return (value, setting) => {
    const trimmed = value.trim();
    const valid = /^(\d+(\.\d+)?(ms|s|m|h))+$/.test(trimmed);
    let total = 0;
    for (const [, amount, , unit] of valid ? trimmed.matchAll(/(\d+(\.\d+)?)(ms|s|m|h)/g) : []) {
      total += Number(amount) * (MS_PER_UNIT[unit ?? ''] ?? Number.NaN);
    }
    if (valid && total >= min && total <= max) return total;
    throw new ConfigError({
      setting,
      got: value,
      expected: `a duration with its unit (ms, s, m, h) from ${formatDuration(min)} to ${formatDuration(max)}`,
      example: `${setting}=${example}`,
    });
  };
}

/** ms in k6's notation: `1500ms`, `90s`, `2m`. */
export function formatDuration(ms: number): string {
  if (ms % 60_000 === 0 && ms > 0) return ms % 3_600_000 === 0 ? `${ms / 3_600_000}h` : `${ms / 60_000}m`;
  return ms % 1000 === 0 ? `${ms / 1000}s` : `${ms}ms`;
}

/** A JSON object, as an unknown record. */
export const jsonObject: Parse<Readonly<Record<string, unknown>>> = (value, setting) => {
  const problem = { setting, got: value, expected: 'a JSON object', example: `${setting}='{"top_p":0.9}'` };
  const parsed = parseJsonRecord(value);
  if (parsed === null) throw new ConfigError(problem);
  return parsed;
};

/** JSON of strings only, for headers. The value is a secret: no message repeats it. */
export const headerObject: Parse<Readonly<Record<string, string>>> = (value, setting) => {
  const problem = {
    setting,
    got: '(hidden)',
    expected: 'a JSON object of header names and text values',
    example: `${setting}='{"x-team":"search"}'`,
  };
  const parsed = parseJsonRecord(value);
  if (parsed === null) throw new ConfigError(problem);
  const headers = Object.entries(parsed).map(([name, content]): [string, string] => {
    if (
      typeof content !== 'string' ||
      !/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name) ||
      /[\r\n\0]/.test(content)
    ) {
      throw new ConfigError(problem);
    }
    return [name, content];
  });
  return Object.fromEntries(headers);
};

/** Wraps a parser: the empty text means "not set". */
export function optional<T>(parse: Parse<T>): Parse<T | null> {
  return (value, setting) => (value.trim() === '' ? null : parse(value, setting));
}

/** A setting whose emptiness means a value of its own. */
export function emptyAs<T>(value: T, parse: Parse<T>): Parse<T> {
  return (text, setting) => (text.trim() === '' ? value : parse(text, setting));
}
