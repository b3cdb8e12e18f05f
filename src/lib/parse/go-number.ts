const FINITE = /^[+-]?(?:\d+(?:_\d+)*(?:\.(?:\d+(?:_\d+)*)?)?|\.\d+(?:_\d+)*)(?:e[+-]?\d+(?:_\d+)*)?$/i;
const INFINITE = /^([+-]?)inf(?:inity)?$/i;

/**
 * A number as Go's `ParseFloat` reads it, which is how k6 reads the numbers of thresholds: `5`, `5.`, `.5`, `5e+3`,
 * `1_000`, `-inf`, `NaN`. null for anything else: no space, no unit, nothing beyond the range of a double.
 * Hexadecimal is left out.
 */
export function parseGoNumber(text: string): number | null {
  if (/^nan$/i.test(text)) return NaN;
  const sign = INFINITE.exec(text)?.[1];
  if (sign !== undefined) return sign === '-' ? -Infinity : Infinity;
  const value = FINITE.test(text) ? Number(text.replaceAll('_', '')) : NaN;
  return Number.isFinite(value) ? value : null;
}

/** A number and the unit behind it; the unit is lower case, and empty where none is written. */
export type Amount = { value: number; unit: string };

const WITH_UNIT = /^(.*?)\s*(%|pp|ms|s|m|h|\$|usd)?$/is;

/** A finite number with or without a unit, `10%`, `1pp`, `50 ms`, `$`; null for anything else. */
export function parseAmount(text: string): Amount | null {
  const [, number = '', unit = ''] = WITH_UNIT.exec(text.trim()) ?? [];
  const value = parseGoNumber(number);
  return value === null || !Number.isFinite(value) ? null : { value, unit: unit.toLowerCase() };
}
