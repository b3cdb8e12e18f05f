import { type Moment, msBetween, parseMoment } from './trace-moment.ts';

/** A row of a trace by column name, cells as CSV text or JSON values. */
export type Row = Readonly<Record<string, unknown>>;

/** The column of the time, and what its cells are. */
export type TimeColumn = { column: string; unit: 'date' | 'sec' | 'ms' };
/** Which column holds what; null: the trace has none for it. */
export type Columns = { clock: TimeColumn; input: string | null; output: string | null };

/**
 * Column names, lower case with `_`, as in: our own; the Azure LLM inference traces (TIMESTAMP as a date,
 * ContextTokens, GeneratedTokens); Mooncake's (timestamp in ms, input_length, output_length); BurstGPT's
 * (Timestamp in s, Request tokens, Response tokens). As their projects describe them (AzurePublicDataset,
 * Mooncake, BurstGPT; read 2026-11).
 */
const INPUT_COLUMNS = ['input_tokens', 'contexttokens', 'input_length', 'request_tokens', 'prompt_tokens'];
const OUTPUT_COLUMNS = [
  'output_tokens',
  'generatedtokens',
  'output_length',
  'response_tokens',
  'completion_tokens',
];
const MAX_TOKENS = 100_000_000;

/** Column names are compared in lower case, with `_` for blanks: `Request tokens` → `request_tokens`. */
export function columnName(text: string): string {
  return text
    .trim()
    .toLowerCase()
    .replace(/[\s-]+/g, '_');
}

/** Finds the columns, from the first rows; null when none of them is a time with a known unit. */
export function chooseColumns(rows: readonly Row[]): Columns | null {
  const has = (name: string): boolean => rows[0]?.[name] !== undefined;
  const input = INPUT_COLUMNS.find(has) ?? null;
  const clock = chooseClock(rows, has, input);
  return clock === null ? null : { clock, input, output: OUTPUT_COLUMNS.find(has) ?? null };
}

function chooseClock(
  rows: readonly Row[],
  has: (name: string) => boolean,
  input: string | null,
): TimeColumn | null {
  if (has('time_s')) return { column: 'time_s', unit: 'sec' };
  if (has('time_ms')) return { column: 'time_ms', unit: 'ms' };
  if (has('timestamp_ms')) return { column: 'timestamp_ms', unit: 'ms' };
  if (!has('timestamp')) return null;
  const isDate = rows.some(
    ({ timestamp }) => typeof timestamp === 'string' && parseMoment(timestamp) !== null,
  );
  if (isDate) return { column: 'timestamp', unit: 'date' };
  if (input === 'input_length') return { column: 'timestamp', unit: 'ms' };
  return input === 'request_tokens' ? { column: 'timestamp', unit: 'sec' } : null;
}

/** ms from the trace's own zero; null when the row has no readable time. */
export function createClock({ column, unit }: TimeColumn): (value: Row) => number | null {
  let first: Moment | null = null;
  return (value) => {
    const cell = value[column];
    if (unit !== 'date') {
      const time = toNumber(cell);
      return time === null ? null : time * (unit === 'sec' ? 1000 : 1);
    }
    const moment = typeof cell === 'string' ? parseMoment(cell) : null;
    if (moment === null) return null;
    first ??= moment;
    return msBetween(first, moment);
  };
}

/** null: no such column; undefined: the cell is no count. */
export function tokensIn(value: Row, column: string | null): number | null | undefined {
  if (column === null) return null;
  const count = toNumber(value[column]);
  return count !== null && Number.isInteger(count) && count <= MAX_TOKENS ? count : undefined;
}

/** A number of at least 0, from a number or its text; null for anything else. */
function toNumber(cell: unknown): number | null {
  const isText = typeof cell === 'string' && /^\s*(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i.test(cell);
  const number = isText ? Number(cell) : cell;
  return typeof number === 'number' && number >= 0 && number <= Number.MAX_SAFE_INTEGER ? number : null;
}
