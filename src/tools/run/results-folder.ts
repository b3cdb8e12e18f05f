import { existsSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { SAMPLES_FILE } from '../results/open-input.ts';

/** What a run leaves. k6 appends to its console file, and a run that dies early would show its forerunner's summary. */
const OWN_FILES = [
  SAMPLES_FILE,
  `${SAMPLES_FILE}.gz`,
  'summary.json',
  'summary.md',
  'junit.xml',
  'stats.csv',
  'report.html',
  'dashboard.html',
];

/** `2026-11-25T04-31-07-stress`: names a run, as its folder and in InfluxDB. */
export function runName(scenario: string, now: Date): string {
  return `${now.toISOString().slice(0, 19).replaceAll(':', '-')}-${scenario}`;
}

/** `results/<name>`, or the first of `results/<name>-2`, `-3`, … that is not there yet. */
export function freeResultsDir(name: string, cwd: string): string {
  for (let number = 1; ; number++) {
    const folder = path.join('results', number === 1 ? name : `${name}-${number}`);
    if (!existsSync(path.resolve(cwd, folder))) return folder;
  }
}

/** Makes the folder, and removes from it what an earlier run left there; nothing else. */
export async function freshFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await Promise.all(OWN_FILES.map((name) => rm(path.join(folder, name), { force: true })));
}
