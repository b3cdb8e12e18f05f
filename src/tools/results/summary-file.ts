import { readFile } from 'node:fs/promises';
import type { Summary } from '../../lib/summary/summary.ts';
import { InputError } from './run-data.ts';

/** A file that ends in the middle, as on a full disk. */
export class CutOff extends InputError {
  override name = 'CutOff';
}

const GROUPS = [
  'slo',
  'trust',
  'totals',
  'models',
  'testTypes',
  'providers',
  'load',
  'settings',
  'metrics',
] as const;
const LISTS = ['thresholds', 'notes'] as const;

/**
 * Reads a summary.json.
 *
 * @throws InputError when it is not one, or of another version; CutOff when it is no whole JSON.
 */
export async function readSummary(path: string): Promise<Summary> {
  const text = await readFile(path, 'utf8');
  const value = parse(text, path);
  if (isSummary(value)) return value;
  const version = isObject(value) ? value['schemaVersion'] : undefined;
  throw new InputError(
    version === undefined || version === 1
      ? `${path}: not a summary.json of k6-llm (docs/summary.schema.json says what one holds)`
      : `${path}: schemaVersion is ${String(version)}; this version reads 1: use the k6-llm that wrote it`,
  );
}

function parse(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new CutOff(`${path}: not JSON, or cut off; run the test again, or leave this run out`);
  }
}

/** Whether a value has the parts that a report reads. The whole is described by docs/summary.schema.json. */
export function isSummary(value: unknown): value is Summary {
  return (
    isObject(value) &&
    value['schemaVersion'] === 1 &&
    typeof value['scenario'] === 'string' &&
    GROUPS.every((name) => isObject(value[name])) &&
    LISTS.every((name) => Array.isArray(value[name]))
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
