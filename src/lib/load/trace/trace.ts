import { delimiterOf, readCsv } from '../../parse/read-csv.ts';
import { isRecord, parseJson, parseJsonRecord } from '../../parse/json.ts';
import { createSkipLog, describeSkips, skip, type SkipLog } from '../../parse/skip-log.ts';
import { whyNotText, withoutBom } from '../../parse/why-not-text.ts';
import { ConfigError } from '../../parse/config-error.ts';
import type { TraceOptions } from '../arrivals.ts';
import {
  blocksIn,
  type ChatLink,
  chatIn,
  chooseColumns,
  type Columns,
  columnName,
  createRowClock,
  type Row,
  tokensIn,
} from './choose-columns.ts';

/** One recorded request. */
export type TraceRequest = {
  /** Intended start, ms from the load's start, rounded to the microsecond, `LLM_TIME_SCALE` applied. */
  atMs: number;
  /** null: the trace has no such column; without one, its blocks tell the input. */
  inputTokens: number | null;
  outputTokens: number | null;
  /** Hashed blocks of the prompt, in order: requests that begin with the same ones share that prefix; null: not told. */
  blocks: readonly string[] | null;
  /** The requests that go on from it, and from each other; empty: it stands by itself. */
  later: readonly LaterRequest[];
};

/** A later request of a conversation; `parent`: the one that it goes on from, 0 for the first, 1 for the first of these, … */
export type LaterRequest = Omit<TraceRequest, 'later'> & { parent: number };

/** A trace to replay: never empty, in ascending order of time. */
export type Trace = {
  requests: TraceRequest[];
  skipped: SkipLog;
  /** Left out before the first request, ms as recorded: a silence longer than all the rest; 0 where there was none. */
  silenceMs: number;
  /** The longest pause between two requests, as the load has it, where it is longer than all the rest; else 0. */
  pauseMs: number;
  /** Requests that name an earlier one that is not there: each begins a conversation of its own. */
  orphans: number;
  /** What it was taken for. */
  columns: Columns;
};

/** Where a trace comes from, and the factor for its times. */
export type TraceSource = { fileName: string; setting: string; timeScale: number; options?: TraceOptions };

type RawRow = { row: number; value: Row };
/** Rows that are looked at to tell what the column `timestamp` holds. */
const MAX_LOOKED_AT = 100;
const NOTHING_GIVEN: TraceOptions = { unit: null, blockTokens: null };

/**
 * Reads a trace: CSV with a header, or JSONL, of a time and, if known, input and output tokens.
 *
 * Dates count from the first row; `time_s`, `time_ms` and Mooncake's `timestamp` count from the load's start, unless
 * the first of them lies beyond the span of all others (times of day, or since 1970): then they count from it.
 * Rows without a readable time or with unreadable token counts are left out and told; equal times are fine.
 *
 * @throws ConfigError for a file that is empty or no text, columns that say no time, times that go backwards,
 *   or when no row can be used.
 */
export function parseTrace(text: string, source: TraceSource): Trace {
  const reason = whyNotText(text);
  if (reason !== null) throw traceError(source, reason);
  const skipped = createSkipLog();
  const rows = readRows(withoutBom(text), skipped);
  const first = rows[0];
  if (first === undefined)
    throw traceError(source, `a file without rows. ${describeSkips(skipped, 'line')}`.trim());
  const looked = rows.slice(0, MAX_LOOKED_AT).map(({ value }) => value);
  const columns = chooseColumns(looked, source.options ?? NOTHING_GIVEN);
  if (typeof columns === 'string') throw traceError(source, `${columns} (${namesOf(first.value)})`);
  const requests: TraceRequest[] = [];
  const chats = new Conversations();
  const timeOf = createRowClock(columns.clock);
  let lastMs = -Infinity;
  let pauseMs = 0;
  for (const { row, value } of rows) {
    const timeMs = timeOf(value);
    const inputTokens = tokensIn(value, columns.input);
    const outputTokens = tokensIn(value, columns.output);
    const blocks = blocksIn(value, columns.blockTokens);
    if (timeMs === null) skip(skipped, row, `${columns.clock.column} is no time`);
    else if (inputTokens === undefined) skip(skipped, row, `${columns.input} is no number of tokens`);
    else if (outputTokens === undefined) skip(skipped, row, `${columns.output} is no number of tokens`);
    else if (blocks === undefined) skip(skipped, row, 'hash_ids is no list of blocks');
    else {
      if (timeMs < lastMs)
        throw traceError(
          source,
          `a trace whose line ${row} goes back by ${lastMs - timeMs} ms; sort it by time`,
        );
      if (lastMs !== -Infinity) pauseMs = Math.max(pauseMs, timeMs - lastMs);
      lastMs = timeMs;
      const ofBlocks = blocks === null ? null : blocks.length * (columns.blockTokens ?? 0);
      const request = { atMs: timeMs, inputTokens: inputTokens ?? ofBlocks, outputTokens, blocks };
      const first = chats.add(request, chatIn(value, columns.chats));
      if (first !== null) requests.push(first);
    }
  }
  const { orphans } = chats;
  if (requests.length > 0) return { ...fromZero(requests, pauseMs, source), orphans, skipped, columns };
  throw traceError(source, `a file with no usable row: ${describeSkips(skipped, 'line')}`);
}

/** Puts requests that go on from earlier ones behind them. */
class Conversations {
  readonly #places = new Map<string, { later: LaterRequest[]; place: number }>();
  orphans = 0;

  /** @returns the request where it begins a conversation; null where it is a later one of another. */
  add(request: Omit<TraceRequest, 'later'>, chat: ChatLink | null): TraceRequest | null {
    const parent = chat?.parent ?? null;
    const known = parent === null ? undefined : this.#places.get(parent);
    if (parent !== null && known === undefined) this.orphans += 1;
    const later = known?.later ?? [];
    if (known !== undefined) later.push({ ...request, parent: known.place });
    if (chat !== null) this.#places.set(chat.id, { later, place: later.length });
    return known === undefined ? { ...request, later } : null;
  }
}

/** Times as the load has them, from those of the file. */
function fromZero(
  recorded: readonly TraceRequest[],
  pauseMs: number,
  { timeScale }: TraceSource,
): Pick<Trace, 'requests' | 'silenceMs' | 'pauseMs'> {
  const firstMs = recorded[0]?.atMs ?? 0;
  const lastMs = recorded.reduce((last, { atMs, later }) => Math.max(last, atMs, later.at(-1)?.atMs ?? 0), 0);
  const spanMs = lastMs - firstMs;
  const silenceMs = firstMs > spanMs ? firstMs : 0;
  const scaled = (atMs: number): number => Math.round((atMs - silenceMs) * timeScale * 1000) / 1000;
  const requests = recorded.map((request) => ({
    ...request,
    atMs: scaled(request.atMs),
    later: request.later.map((turn) => ({ ...turn, atMs: scaled(turn.atMs) })),
  }));
  return { requests, silenceMs, pauseMs: pauseMs > spanMs - pauseMs ? pauseMs * timeScale : 0 };
}

function readRows(text: string, skipped: SkipLog): RawRow[] {
  if (/^\s*\[/.test(text)) return readJsonList(text, skipped);
  return /^\s*\{/.test(text) ? readJsonLines(text, skipped) : readTable(text, skipped);
}

/** Rows of a JSON list are told by their place in it. */
function readJsonList(text: string, skipped: SkipLog): RawRow[] {
  const list = parseJson(text);
  const rows: RawRow[] = [];
  for (const [index, entry] of (Array.isArray(list) ? list : []).entries()) {
    const value: unknown = entry;
    if (isRecord(value)) rows.push({ row: index + 1, value: named(value) });
    else skip(skipped, index + 1, 'not a JSON object');
  }
  return rows;
}

function readJsonLines(text: string, skipped: SkipLog): RawRow[] {
  const rows: RawRow[] = [];
  text.split('\n').forEach((line, index) => {
    if (line.trim() === '') return;
    const value = parseObject(line);
    if (value === null) skip(skipped, index + 1, 'not a JSON object (half-written?)');
    else rows.push({ row: index + 1, value });
  });
  return rows;
}

function readTable(text: string, skipped: SkipLog): RawRow[] {
  const rows: RawRow[] = [];
  let header: readonly string[] | null = null;
  readCsv(text, delimiterOf(text), ({ line, fields }) => {
    if (header === null) header = fields.map(columnName);
    else if (fields.length !== header.length) {
      skip(skipped, line, `${fields.length} fields where the header has ${header.length}`);
    } else {
      const value = Object.fromEntries(header.map((name, index) => [name, cellOf(fields[index] ?? '')]));
      rows.push({ row: line, value });
    }
  });
  return rows;
}

/** A list stands in a cell as JSON: `"[1, 2]"`. */
function cellOf(text: string): unknown {
  return text.startsWith('[') ? (parseJson(text) ?? text) : text;
}

/** An object with its names as `columnName` writes them; null when the line is none. */
function parseObject(line: string): Row | null {
  const parsed = parseJsonRecord(line);
  return parsed === null ? null : named(parsed);
}

function named(row: Row): Row {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [columnName(name), value]));
}

function namesOf(row: Row): string {
  return Object.keys(row).slice(0, 8).join(', ').slice(0, 80);
}

function traceError({ fileName, setting }: TraceSource, problem: string): ConfigError {
  return new ConfigError({
    setting,
    got: fileName,
    expected: `a trace as CSV or JSONL of time_s or time_ms, input_tokens, output_tokens (docs/workloads.md), but this is ${problem}`,
    example: 'a header such as time_s,input_tokens,output_tokens',
  });
}
