import { parseJson } from '../../lib/parse/json.ts';
import { createReadStream } from 'node:fs';
import { open, readFile, stat, writeFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { type DatasetSource, parseDataset } from '../../lib/prompts/dataset/dataset.ts';
import { readRow, writeRow } from '../../lib/prompts/dataset/read-row.ts';
import { createSkipLog, describeSkips, skip, type SkipLog } from '../../lib/parse/skip-log.ts';
import { decodePrompt } from '../../lib/prompts/dataset/encode-prompt.ts';
import { whyNotText } from '../../lib/parse/why-not-text.ts';
import { isSessionText } from '../../lib/prompts/session/parse-sessions.ts';
import { ConfigError } from '../../lib/parse/config-error.ts';
import type { Seed } from '../../lib/numbers/random.ts';
import { createRowSample, type RowSample } from './row-sample.ts';

/** What became of a large data set. */
export type CompactedDataset = {
  /** The smaller file, to be given to k6 instead. */
  file: string;
  usableRows: number;
  keptRows: number;
  skipped: SkipLog;
};

/**
 * k6 keeps every file that a script opens in memory, and the rows again, for the length of the run: some two to
 * five times its size (docs/workloads.md). 16 MB of prompts are about four million tokens.
 */
export const DATASET_BUDGET_BYTES = 16_000_000;

const SNIFFED_BYTES = 65_536;

/**
 * Makes a large data set small before k6 sees it: fields that no request needs are dropped (recorded answers are
 * most of a ShareGPT file), and if the rest is still over the budget, a sample by the seed is kept, each row as
 * likely as the others.
 *
 * @returns null when the file can be used as it is: it is within the budget, or holds sessions.
 * @throws ConfigError as `parseDataset` does; an Error from the system when the file cannot be read.
 */
export async function compactDataset(
  inputFile: string,
  options: { outputFile: string; setting: string; seed: Seed; budgetBytes?: number },
): Promise<CompactedDataset | null> {
  const { outputFile, setting, seed, budgetBytes = DATASET_BUDGET_BYTES } = options;
  const { size } = await stat(inputFile);
  if (size <= budgetBytes || (await isSessionFile(inputFile))) return null;
  const sample = createRowSample({ seed, budgetBytes });
  const source = { fileName: inputFile, setting };
  const skipped = (await isLines(inputFile))
    ? await readLines(inputFile, source, sample)
    : await readWhole(inputFile, source, sample);
  const rows = sample.rows();
  await writeFile(outputFile, rows.map((row) => `${row}\n`).join(''));
  return { file: outputFile, usableRows: sample.offeredRows(), keptRows: rows.length, skipped };
}

/** Whether it holds sessions, none of whose lines is of use without the others. A turn's first line may be long. */
async function isSessionFile(file: string): Promise<boolean> {
  const head = await headOf(file);
  return isSessionText(head) || /^\s*\{"session":/.test(head);
}

/** Whether it holds one JSON value a line, judged by its name and its first line. */
async function isLines(file: string): Promise<boolean> {
  const head = await headOf(file);
  if (whyNotText(head) !== null) return false;
  return /^\s*\{.*\}\s*\n/.test(head) || (/\.(jsonl|ndjson)$/i.test(file) && !/^\s*\[/.test(head));
}

async function headOf(file: string): Promise<string> {
  const handle = await open(file);
  try {
    const { bytesRead, buffer } = await handle.read({ buffer: Buffer.alloc(SNIFFED_BYTES), position: 0 });
    return buffer
      .subarray(0, bytesRead)
      .toString('utf8')
      .replace(/^\uFEFF/, '');
  } finally {
    await handle.close();
  }
}

async function readLines(file: string, source: DatasetSource, sample: RowSample): Promise<SkipLog> {
  const skipped = createSkipLog();
  let line = 0;
  for await (const text of createInterface({ input: createReadStream(file), crlfDelay: Infinity })) {
    line++;
    const content = line === 1 ? text.replace(/^\uFEFF/, '') : text;
    if (content.trim() === '') continue;
    const value = parseJson(content);
    const result = value === undefined ? 'not JSON' : readRow(value);
    if (typeof result === 'string') skip(skipped, line, result);
    else sample.offer(JSON.stringify(writeRow(result)));
  }
  if (sample.offeredRows() > 0) return skipped;
  throw new ConfigError({
    setting: source.setting,
    got: source.fileName,
    expected: `lines of JSON with prompts, but no row can be used: ${describeSkips(skipped, 'line')}`,
    example: 'lines such as {"prompt": "Name a bird.", "max_tokens": 50}',
  });
}

async function readWhole(file: string, source: DatasetSource, sample: RowSample): Promise<SkipLog> {
  const { rows, skipped } = parseDataset(await readFile(file, 'utf8'), source);
  for (const row of rows) sample.offer(JSON.stringify(writeRow(decodePrompt(row))));
  return skipped;
}
