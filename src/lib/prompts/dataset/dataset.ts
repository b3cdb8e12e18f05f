import { type CsvRecord, readCsv } from '../../parse/read-csv.ts';
import { isRecord, parseJson } from '../../parse/json.ts';
import type { KindName } from '../../kinds/kinds.ts';
import { isRequestField } from './own-request.ts';
import { CONVERSATION_FIELDS, PROMPT_FIELDS, readRow } from './read-row.ts';
import { createSkipLog, describeSkips, skip, type SkipLog } from '../../parse/skip-log.ts';
import { encodePrompt } from './encode-prompt.ts';
import { whyNotText, withoutBom } from '../../parse/why-not-text.ts';
import { ConfigError } from '../../parse/config-error.ts';

/** A file of prompts, read. */
export type Dataset = {
  format: 'json' | 'jsonl' | 'csv' | 'text';
  /** The usable rows in file order, as `decodePrompt` takes them; never empty. */
  rows: string[];
  /** Kinds of requests that rows name. */
  kinds: readonly KindName[];
  /** Numbers of the first rows whose messages are more than text, by the kind that they name; null: none named. */
  richRows: ReadonlyMap<KindName | null, number>;
  skipped: SkipLog;
  /** What a row's number counts. */
  rowUnit: 'line' | 'element';
};

/** Where the text came from, for messages. */
export type DatasetSource = { fileName: string; setting: string };

type Reader = {
  rows: string[];
  kinds: Set<KindName>;
  richRows: Map<KindName | null, number>;
  skipped: SkipLog;
};

/** Fields of an object around the list of rows. */
const LIST_FIELDS = ['data', 'rows', 'prompts', 'items', 'examples'];
const DELIMITERS = [',', ';', '\t'];

/**
 * Reads a file of prompts: JSON, JSONL or CSV, by its extension and, where that says nothing or something else,
 * by its content; a `.txt` that is none of these has a prompt a line. Rows that cannot be used are left out, counted, and told by number with the reason.
 *
 * @param text the file's content, decoded as UTF-8.
 * @throws ConfigError for an empty or binary file, an unknown format, or when no row can be used.
 */
export function parseDataset(text: string, source: DatasetSource): Dataset {
  const reason = whyNotText(text);
  if (reason !== null) throw datasetError(source, reason);
  const clean = withoutBom(text);
  const reader: Reader = { rows: [], kinds: new Set(), richRows: new Map(), skipped: createSkipLog() };
  const format = readAs(clean, source, reader);
  const rowUnit = format === 'json' ? 'element' : 'line';
  if (reader.rows.length === 0) {
    const why = describeSkips(reader.skipped, rowUnit);
    throw datasetError(source, why === '' ? 'a file without rows' : `a file with no usable row: ${why}`);
  }
  return { format, ...reader, kinds: [...reader.kinds], rowUnit };
}

function readAs(text: string, source: DatasetSource, reader: Reader): Dataset['format'] {
  const extension = /\.([a-z0-9]+)$/i.exec(source.fileName)?.[1]?.toLowerCase() ?? '';
  const start = /\S/.exec(text)?.[0] ?? '';
  if (extension === 'txt' && isPlain(text)) {
    readPlainLines(text, reader);
    return 'text';
  }
  const linesAreJson = parseJson(firstLineOf(text)) !== undefined;
  const namedLines = extension === 'jsonl' || extension === 'ndjson';
  const namedCsv = extension === 'csv' || extension === 'tsv';
  if (namedCsv || !(namedLines || linesAreJson || start === '[' || start === '{')) {
    readCsvRows(text, source, reader);
    return 'csv';
  }
  // The extension lies often: `.json` files of one object a line, `.jsonl` files that hold one array.
  const whole = namedLines && (linesAreJson || start !== '[') ? undefined : parseJson(text);
  if (whole !== undefined) {
    readList(whole, source, reader);
    return 'json';
  }
  if (!linesAreJson && !namedLines) throw datasetError(source, 'JSON without its end (half-written?)');
  readLines(text, reader);
  return 'jsonl';
}

/** No JSON, whole, by the line or broken off, and no CSV with a prompt column: `[INST] Hi` and `42` are prompts. */
function isPlain(text: string): boolean {
  const first = firstLineOf(text);
  const value = parseJson(first);
  if (isRecord(value) || Array.isArray(value) || typeof value === 'string') return false;
  if (/^\s*(\{|\[\s*(["{[]|$))/.test(first)) return false;
  return !DELIMITERS.some((delimiter) => isHeader(first, delimiter));
}

/** Names of a word or two and nothing else, one of them a prompt's. */
function isHeader(line: string, delimiter: string): boolean {
  const isName = (cell: string): boolean => /^\s*"?\w+([ -]\w+)?"?\s*$/.test(cell);
  return line.split(delimiter).every(isName) && headerOf(line, delimiter).some(isPromptField);
}

function readPlainLines(text: string, reader: Reader): void {
  text.split('\n').forEach((line, index) => {
    if (line.trim() !== '') take(line.trim(), index + 1, reader);
  });
}

function firstLineOf(text: string): string {
  const end = text.indexOf('\n');
  return end === -1 ? text : text.slice(0, end);
}

function readList(whole: unknown, source: DatasetSource, reader: Reader): void {
  const list = Array.isArray(whole) ? whole : listInside(whole);
  if (list === null) throw datasetError(source, 'JSON that is neither a list of rows nor a row');
  list.forEach((row: unknown, index) => take(row, index + 1, reader));
}

/** The list inside an object, `{data: […]}`; an object that is a row itself counts as a list of one. */
function listInside(whole: unknown): readonly unknown[] | null {
  if (!isRecord(whole)) return null;
  const list = LIST_FIELDS.map((field) => whole[field]).find((value) => Array.isArray(value));
  if (Array.isArray(list)) return list;
  return PROMPT_FIELDS.some((field) => whole[field] !== undefined) ? [whole] : null;
}

function readLines(text: string, reader: Reader): void {
  let line = 1;
  for (let at = 0; at < text.length; line++) {
    const end = text.indexOf('\n', at);
    const isLast = end === -1;
    const content = text.slice(at, isLast ? text.length : end).trim();
    at = isLast ? text.length : end + 1;
    if (content === '') continue;
    const row = parseJson(content);
    if (row === undefined)
      skip(reader.skipped, line, isLast ? 'not JSON (half-written last line?)' : 'not JSON');
    else take(row, line, reader);
  }
}

function readCsvRows(text: string, source: DatasetSource, reader: Reader): void {
  const found = DELIMITERS.find((delimiter) => headerOf(firstLineOf(text), delimiter).some(isPromptField));
  let header: string[] | null = null;
  readCsv(text, found ?? ',', (record) => {
    if (header === null) header = headerFrom(record, source);
    else takeRecord(record, header, reader);
  });
}

function headerOf(line: string, delimiter: string): string[] {
  return line.split(delimiter).map(fieldName);
}

/** `"Max Tokens"` → `max_tokens`. */
function fieldName(text: string): string {
  return text
    .replace(/"/g, '')
    .trim()
    .toLowerCase()
    .replace(/[\s-]+/g, '_');
}

function isPromptField(name: string): boolean {
  return PROMPT_FIELDS.includes(name);
}

function headerFrom({ fields }: CsvRecord, source: DatasetSource): string[] {
  const names = fields.map(fieldName);
  const double = names.find((name, index) => name !== '' && names.indexOf(name) !== index);
  if (double !== undefined) throw datasetError(source, `CSV whose header has the column ${double} twice`);
  if (names.some(isPromptField)) return names;
  const shown = names.slice(0, 8).join(', ').slice(0, 80);
  throw datasetError(source, `neither JSON nor CSV with a prompt column (its first line reads: ${shown})`);
}

function takeRecord(
  { line, fields, unclosedQuote }: CsvRecord,
  header: readonly string[],
  reader: Reader,
): void {
  if (unclosedQuote) return skip(reader.skipped, line, 'a quoted field never ends');
  if (fields.length > header.length) {
    const counts = `${fields.length} fields where the header has ${header.length}`;
    return skip(reader.skipped, line, `${counts} (a text with commas needs quotes)`);
  }
  const given = header.flatMap((name, index): [string, unknown][] => {
    const field = fields[index];
    if (field === undefined || field.trim() === '') return [];
    const mayBeJson = CONVERSATION_FIELDS.includes(name) || isRequestField(name);
    return [[name, mayBeJson ? (parseJson(field) ?? field) : field]];
  });
  take(Object.fromEntries(given), line, reader);
}

function take(row: unknown, number: number, reader: Reader): void {
  const result = readRow(row);
  if (typeof result === 'string') skip(reader.skipped, number, result);
  else {
    reader.rows.push(encodePrompt(result));
    if (result.kind !== null) reader.kinds.add(result.kind);
    const { own, kind } = result;
    if (own !== null && own.messages !== null && !reader.richRows.has(kind))
      reader.richRows.set(kind, number);
  }
}

function datasetError({ fileName, setting }: DatasetSource, problem: string): ConfigError {
  return new ConfigError({
    setting,
    got: fileName,
    expected: `prompts as JSON, JSONL, ShareGPT, CSV, or a prompt a line in a .txt (docs/workloads.md), but this is ${problem}`,
    example: 'lines such as {"prompt": "Name a bird.", "max_tokens": 50}',
  });
}
