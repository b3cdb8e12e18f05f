import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { isRecord, parseJson } from '../../../lib/parse/json.ts';
import { isSummary } from '../../../lib/summary/is-summary.ts';
import type { Summary } from '../../../lib/summary/summary.ts';
import { InputError } from './run-data.ts';
import { plainText } from '../../../lib/text/plain-text.ts';

/** A file that ends in the middle, as on a full disk. */
export class CutOff extends InputError {
  override name = 'CutOff';
}

/**
 * Reads a summary.json.
 *
 * @throws InputError when it is not one, or of another version; CutOff when it is no whole JSON.
 */
export async function readSummary(file: string): Promise<Summary> {
  const text = await readFile(file, 'utf8');
  const value = plainJson(parseJson(text));
  if (value === undefined) {
    throw new CutOff(`${file}: not JSON, or cut off; run the test again, or leave this run out`);
  }
  if (isSummary(value)) return value;
  const version = isRecord(value) ? value['schemaVersion'] : undefined;
  throw new InputError(
    version === undefined || version === 1
      ? `${file}: not a summary.json of k6-llm (docs/summary.schema.json says what one holds)`
      : `${file}: schemaVersion is ${String(version)}; this version reads 1: use the k6-llm that wrote it`,
  );
}

/** A run's summary where there is a whole one; null otherwise. */
export async function summaryOrNull(resultsDir: string): Promise<Summary | null> {
  try {
    return await readSummary(path.join(resultsDir, 'summary.json'));
  } catch {
    return null;
  }
}

/** Deeper than any summary is. */
const MAX_DEPTH = 50;

/** Names and texts of a file as they may be shown: whoever wrote it need not be this program. */
function plainJson(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return plainText(value);
  if (typeof value !== 'object' || value === null) return value;
  if (depth > MAX_DEPTH) return null;
  if (Array.isArray(value)) return value.map((inner) => plainJson(inner, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [plainText(name), plainJson(inner, depth + 1)]),
  );
}
