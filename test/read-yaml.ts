import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { parse, parseAllDocuments } from 'yaml';
import { isRecord } from '../src/lib/parse/json.ts';

const root = path.join(import.meta.dirname, '..');

export type Yaml = Readonly<Record<string, unknown>>;

/** A file of the repository, as text. */
export function readText(file: string): Promise<string> {
  return readFile(path.join(root, file), 'utf8');
}

/** A YAML file of the repository that holds one mapping. */
export async function readYaml(file: string): Promise<Yaml> {
  return record(parse(await readText(file)));
}

/** The mappings of a YAML file that holds one or more documents. */
export async function readYamls(file: string): Promise<Yaml[]> {
  return parseAllDocuments(await readText(file)).map((document) => record(document.toJS()));
}

/** The mapping at a path of keys; throws where there is none. */
export function at(value: unknown, ...keys: readonly string[]): Yaml {
  return keys.reduce<Yaml>((inner, key) => record(inner[key]), record(value));
}

/** The list at a path of keys; empty where there is none. */
export function listAt(value: unknown, ...keys: readonly string[]): unknown[] {
  const last = keys.at(-1) ?? '';
  const list = at(value, ...keys.slice(0, -1))[last];
  return Array.isArray(list) ? list : [];
}

function record(value: unknown): Yaml {
  if (isRecord(value)) return value;
  throw new Error(`expected a mapping, got ${JSON.stringify(value)}`);
}
