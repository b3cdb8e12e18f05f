import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Summary } from '../../lib/summary/summary.ts';

/** A run's `summary.json`; null when it was not written or is half-written. */
export async function readSummary(resultsDir: string): Promise<Summary | null> {
  try {
    const parsed: unknown = JSON.parse(await readFile(path.join(resultsDir, 'summary.json'), 'utf8'));
    return isSummary(parsed) ? parsed : null;
  } catch {
    return null;
  }
}

function isSummary(value: unknown): value is Summary {
  return typeof value === 'object' && value !== null && 'schemaVersion' in value && value.schemaVersion === 1;
}

/** What a run's exit code says to people. */
export function explainExitCode(code: number): string {
  const meanings: Readonly<Record<number, string>> = {
    0: 'thresholds met',
    99: 'a threshold broke',
    104: 'k6 refused the options',
    105: 'it was interrupted',
    107: 'the script or its setup failed',
    108: 'it was stopped by the script',
  };
  return meanings[code] ?? `k6 ended with ${code}`;
}
