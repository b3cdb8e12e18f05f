import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { isRecord } from '../lib/parse/json.ts';

/** The folder that holds package.json: where `dist/`, `.k6/` and `results/` are, wherever this code is run from. */
export const PROJECT_ROOT = findRoot(path.dirname(fileURLToPath(import.meta.url)));

function findRoot(from: string): string {
  if (existsSync(path.join(from, 'package.json'))) return from;
  const parent = path.dirname(from);
  return parent === from ? process.cwd() : findRoot(parent);
}

/** The version that package.json names: `0.1.0`. */
export function projectVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(path.join(PROJECT_ROOT, 'package.json'), 'utf8'));
  return isRecord(manifest) ? String(manifest['version']) : 'unknown';
}
