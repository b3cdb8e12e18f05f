import { WARNING_KINDS } from '../answer/answer-warnings.ts';
import { ERROR_KINDS } from '../answer/attempt.ts';
import { REPORTED_PARTS, type ReportedTimes } from '../answer/reported-times.ts';
import { parseJson } from '../parse/json.ts';
import { plainText } from '../text/plain-text.ts';
import { type FieldKind, SAMPLE_FIELDS, SAMPLE_TYPE, type SampleRecord } from './sample-fields.ts';

/** Fields of the first lines of this type; those behind them may be missing. */
const FIRST_FIELDS = 31;
const MARKER = `["${SAMPLE_TYPE}",`;

/**
 * The record of a line that `encodeSample` wrote; null for any other line, half-written ones included. Fields that a later
 * version put behind ours are not read.
 */
export function parseSample(line: string): SampleRecord | null {
  if (!isSampleLine(line)) return null;
  const cells = parseArray(line);
  if (cells === null || cells.length <= FIRST_FIELDS) return null;
  const record: Record<string, unknown> = { ...BLANK };
  for (const [index, [name, kind]] of SAMPLE_FIELDS.entries()) {
    const value = CELL_READERS[kind](cells[index + 1]);
    if (value === undefined) return null;
    record[name] = value;
  }
  // Each field was read by its own kind, which is what the type is made of.
  return record as SampleRecord;
}

/** Filled in rather than built up: an object that grows to so many fields is slow to read and to copy. */
const BLANK: Readonly<Record<string, unknown>> = Object.fromEntries(
  SAMPLE_FIELDS.map(([name]) => [name, null]),
);

/** A cell as its field's value; undefined where a line with such a cell is none of ours. */
const CELL_READERS: Readonly<Record<FieldKind, (cell: unknown) => unknown>> = {
  time: (cell) => toNumber(cell, MAX_MS) ?? undefined,
  ms: (cell) => toNumber(cell, MAX_MS),
  number: (cell) => toNumber(cell, MAX_NUMBER),
  count: (cell) => orElse(toNumber(cell, MAX_NUMBER), 0),
  name: (cell) => toText(cell) ?? '',
  label: toText,
  flag: (cell) => cell === 1,
  verdict: (cell) => (cell === 1 ? true : cell === 0 ? false : null),
  phase: (cell) => (cell === 1 ? 'warmup' : 'main'),
  warnings: (cell) => (Array.isArray(cell) ? WARNING_KINDS.filter((kind) => cell.includes(kind)) : []),
  outcome: (cell) => OUTCOMES.find((kind) => kind === cell),
  uncharged: (cell) => UNCHARGED.find((reason) => reason === cell) ?? null,
  parts: toReported,
};

const OUTCOMES = ['ok', 'aborted', ...ERROR_KINDS] as const;
const UNCHARGED = ['unpriced', 'usage_missing'] as const;

function toReported(cell: unknown): ReportedTimes | null | undefined {
  if (!Array.isArray(cell)) return null;
  const values: unknown[] = cell;
  const known = REPORTED_PARTS.map((part, index) => [part, toNumber(values[index], MAX_MS)] as const);
  if (known.some(([, valueMs]) => valueMs === undefined)) return undefined;
  return Object.fromEntries(known.filter(([, valueMs]) => valueMs !== null));
}

/** Whether a line claims to be a sample: it may still be half-written. */
export function isSampleLine(line: string): boolean {
  return line.startsWith(MARKER);
}

/** Four months: no run is longer. Beyond, a line is no measurement, and would drown those that are. */
const MAX_MS = 1e10;
const MAX_NUMBER = 1e12;

/** null where there is none; undefined where it is none that a request can have (`1e400` reads as Infinity). */
function toNumber(cell: unknown, max: number): number | null | undefined {
  if (typeof cell !== 'number') return null;
  return Math.abs(cell) <= max ? cell : undefined;
}

function orElse(value: number | null | undefined, fallback: number): number | undefined {
  return value === null ? fallback : value;
}

function toText(cell: unknown): string | null {
  return typeof cell === 'string' ? plainText(cell) : null;
}

/** A line's JSON array; null when it is not one. */
export function parseArray(line: string): readonly unknown[] | null {
  const parsed = parseJson(line);
  return Array.isArray(parsed) ? parsed : null;
}
