import type { TraceOptions } from '../arrivals.ts';
import { type Moment, msBetween, parseMoment } from './parse-moment.ts';

/** A row of a trace by column name, cells as CSV text or JSON values. */
export type Row = Readonly<Record<string, unknown>>;

/** The column of the time, and what its cells are. */
export type TimeColumn = { column: string; unit: 'date' | 'sec' | 'ms' };
/** What a trace was taken for, and which column holds what; null: the trace has none for it. */
export type Columns = {
  /** `Mooncake's trace`, for people. */
  form: string;
  clock: TimeColumn;
  input: string | null;
  output: string | null;
  /** Tokens that an entry of `hash_ids` stands for; null: there are none, or it is not known. */
  blockTokens: number | null;
  /** The columns that say which request goes on from which; null: there are none. */
  chats: { id: string; parent: string } | null;
};

/** A request's own name, and that of the one that it goes on from; null: it begins a conversation. */
export type ChatLink = { id: string; parent: string | null };

/**
 * Column names, lower case with `_`, as in: our own; the Azure LLM inference traces (TIMESTAMP as a date,
 * ContextTokens, GeneratedTokens); Mooncake's (timestamp in ms, input_length, output_length, hash_ids of 512 tokens);
 * Bailian's (timestamp in s, chat_id, parent_chat_id, turn, hash_ids of 16 tokens); BurstGPT's (Timestamp in s, Request
 * tokens, Response tokens). As their projects describe them (AzurePublicDataset, Mooncake, qwen-bailian-usagetraces-anon,
 * BurstGPT; read 2026-11).
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

const BAILIAN_BLOCK_TOKENS = 16;
const MOONCAKE_BLOCK_TOKENS = 512;
/** Columns of times that do not say their unit. */
const UNNAMED_TIMES = ['timestamp', 'time', 'arrival_time', 'arrived_at', 'start_time'];
const BLOCKS = 'hash_ids';
const CHAT = 'chat_id';
const PARENT = 'parent_chat_id';

/** Finds the columns, from the first rows; the reason when none of them is a time with a known unit. */
export function chooseColumns(rows: readonly Row[], given: TraceOptions): Columns | string {
  const has = (name: string): boolean => rows[0]?.[name] !== undefined;
  const known = knownForm(rows, has);
  const form = given.unit === null ? known : withUnit(given.unit, known, has);
  if (typeof form === 'string') return form;
  return {
    form: form.form,
    clock: form.clock,
    input: INPUT_COLUMNS.find(has) ?? null,
    output: OUTPUT_COLUMNS.find(has) ?? null,
    blockTokens: has(BLOCKS) ? (given.blockTokens ?? form.blockTokens) : null,
    chats: has(CHAT) && has(PARENT) ? { id: CHAT, parent: PARENT } : null,
  };
}

type Form = Pick<Columns, 'form' | 'clock' | 'blockTokens'>;

function knownForm(rows: readonly Row[], has: (name: string) => boolean): Form | string {
  const own = (column: string, unit: 'sec' | 'ms'): Form => ({
    form: 'a trace of its own',
    clock: { column, unit },
    blockTokens: null,
  });
  if (has('time_s')) return own('time_s', 'sec');
  if (has('time_ms')) return own('time_ms', 'ms');
  if (has('timestamp_ms')) return own('timestamp_ms', 'ms');
  const column = UNNAMED_TIMES.find(has);
  if (column === undefined) return 'a file whose columns say no time with its unit';
  const clock = (unit: TimeColumn['unit']): TimeColumn => ({ column, unit });
  if (column === 'timestamp') {
    const isDate = rows.some(
      ({ timestamp }) => typeof timestamp === 'string' && parseMoment(timestamp) !== null,
    );
    const dated = has('contexttokens') ? "Azure's trace" : 'a trace of dates';
    if (isDate) return { form: dated, clock: clock('date'), blockTokens: null };
    if (isBurstGpt(has)) return { form: "BurstGPT's trace", clock: clock('sec'), blockTokens: null };
    if (has('chat_id') && has('input_length'))
      return { form: "Bailian's trace", clock: clock('sec'), blockTokens: BAILIAN_BLOCK_TOKENS };
    if (isMooncake(rows, has))
      return { form: "Mooncake's trace", clock: clock('ms'), blockTokens: MOONCAKE_BLOCK_TOKENS };
  }
  return `a file whose column ${column} does not say its unit: seconds or milliseconds? Write trace:FILE?unit=s or ?unit=ms`;
}

/** All of its own names: others call a column of tokens so, with times in another unit. */
function isBurstGpt(has: (name: string) => boolean): boolean {
  const isBeside = ['model', 'total_tokens', 'log_type'].some(has);
  return has('request_tokens') && has('response_tokens') && isBeside;
}

/** Whole milliseconds, and as many blocks as 512 tokens each make: others took its columns, with other units. */
function isMooncake(rows: readonly Row[], has: (name: string) => boolean): boolean {
  if (!has('input_length') || !has(BLOCKS)) return false;
  return rows.every((row) => {
    const time = toNumber(row['timestamp']);
    const tokens = toNumber(row['input_length']);
    const blocks = row[BLOCKS];
    if (time === null || tokens === null || !Array.isArray(blocks) || blocks.length === 0) return true;
    return Number.isInteger(time) && blocks.length === Math.ceil(tokens / MOONCAKE_BLOCK_TOKENS);
  });
}

/** The form with the unit that the user says. */
function withUnit(unit: 'sec' | 'ms', known: Form | string, has: (name: string) => boolean): Form | string {
  const { form, clock, blockTokens } =
    typeof known === 'string' ? { form: 'a trace', clock: null, blockTokens: null } : known;
  const column = clock?.column ?? UNNAMED_TIMES.find(has);
  if (column === undefined) return 'a file whose columns say no time';
  const isNamed = column === 'time_s' || column === 'time_ms' || column === 'timestamp_ms';
  if (clock !== null && clock.unit !== unit && (isNamed || clock.unit === 'date'))
    return `a file whose column ${column} says itself what its times are; leave ?unit= out`;
  return { form, clock: { column, unit }, blockTokens };
}

/** The hashed blocks of a row's prompt; null: none. undefined: they are no list of numbers or texts. */
export function blocksIn(row: Row, blockTokens: number | null): readonly string[] | null | undefined {
  const cell = row[BLOCKS];
  if (blockTokens === null || cell === undefined || cell === null) return null;
  if (!Array.isArray(cell)) return undefined;
  const ids = cell.map((id: unknown) =>
    typeof id === 'number' || typeof id === 'string' ? String(id) : null,
  );
  return ids.some((id) => id === null) ? undefined : ids.filter((id) => id !== null);
}

/** Which request a row is, and which it goes on from: -1, nothing or itself is none. null: the trace does not tell. */
export function chatIn(row: Row, columns: Columns['chats']): ChatLink | null {
  if (columns === null) return null;
  const name = (cell: unknown): string | null =>
    (typeof cell === 'number' && cell >= 0) ||
    (typeof cell === 'string' && /^(?!-1$|null$|none$).+/i.test(cell.trim()))
      ? String(cell).trim()
      : null;
  const id = name(row[columns.id]);
  const parent = name(row[columns.parent]);
  return id === null ? null : { id, parent: parent === id ? null : parent };
}

/** ms from the trace's own zero; null when the row has no readable time. */
export function createRowClock({ column, unit }: TimeColumn): (value: Row) => number | null {
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
