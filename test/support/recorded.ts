import { readFileSync } from 'node:fs';
import path from 'node:path';
import { isRecord } from '../../src/lib/parse/json.ts';

/** An answer as a real server wrote it (npm run interop -- --capture). */
export type Recorded = { status: number; headers: Record<string, string>; body: string };

/** @param name `litellm/wrong-key`, a file of `test/fixtures/interop`. */
export function recorded(name: string): Recorded {
  const file = path.join(import.meta.dirname, '../fixtures/interop', `${name}.json`);
  const value: unknown = JSON.parse(readFileSync(file, 'utf8'));
  const { status, headers, body } = isRecord(value) ? value : {};
  if (typeof status !== 'number' || !isRecord(headers) || typeof body !== 'string') {
    throw new Error(`${file}: no recording`);
  }
  return {
    status,
    headers: Object.fromEntries(Object.entries(headers).map(([key, text]) => [key, String(text)])),
    body,
  };
}
