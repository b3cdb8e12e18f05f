import { parseModelPrice, type PriceDefaults } from '../money/parse-model-price.ts';
import { ConfigError } from '../parse/config-error.ts';
import { hint } from '../parse/did-you-mean.ts';
import { isRecord, parseJsonFile } from '../parse/json.ts';
import { headerObject } from '../parse/values.ts';
import { parseMix } from '../prompts/mix.ts';
import { PROVIDER_NAMES, type ProviderName } from '../request/providers.ts';
import { joinBaseUrl } from './base-url.ts';

/** One provider of `LLM_PROVIDERS`. */
export type ProviderEntry = {
  /** The tag `provider`, unique in the file. */
  name: string;
  /** null: the preset's own. */
  baseUrl: string | null;
  /** null: `custom`. */
  preset: ProviderName | null;
  /** The environment variable that holds its key; null: the preset's own, or none. */
  keyVariable: string | null;
  model: string;
  /** null: those of `LLM_PRICES`, else the built-in ones. */
  prices: EntryPrices | null;
  headers: Readonly<Record<string, string>>;
  body: Readonly<Record<string, unknown>>;
};

/** Rates of its model, or a price file, relative to the file of providers. */
export type EntryPrices =
  | { kind: 'rates'; rates: Readonly<Record<string, unknown>> }
  | { kind: 'file'; path: string };

const FILE_KEYS = ['providers', '$schema'];
const ENTRY_KEYS = ['name', 'baseUrl', 'provider', 'keyVariable', 'model', 'prices', 'headers', 'body'];
const EXAMPLE =
  '{"providers":[{"name":"a","baseUrl":"http://127.0.0.1:8000/v1","model":"m"},{"name":"b","provider":"openai","model":"gpt-4.1"}]}';
const PRICE_DEFAULTS: PriceDefaults = { unit: 'per_1m', source: 'the file of providers', date: 'undated' };
/** Headers that hold keys. */
const KEY_HEADERS = ['authorization', 'x-api-key', 'api-key', 'x-goog-api-key'];

/**
 * Reads a file of providers.
 *
 * @param place how messages name it: `LLM_PROVIDERS providers.json`.
 * @throws ConfigError that names the place of the first mistake; it never repeats a header's value, nor what may be a key.
 */
export function parseProviderEntries(text: string, place: string): ProviderEntry[] {
  const data = parseJsonFile(text);
  if (!isRecord(data)) throw problem(place, '(not shown)', 'a JSON object with "providers"');
  refuseStrangers(data, FILE_KEYS, place);
  const given = data['providers'];
  if (!Array.isArray(given)) throw problem(`${place}: providers`, shown(given), 'a list of providers');
  if (given.length < 2) {
    throw problem(`${place}: providers`, `${given.length}`, 'two providers at least, to be compared');
  }
  const entries = given.map((entry: unknown, index) => parseEntry(entry, `${place}: providers[${index}]`));
  const seen = new Map<string, number>();
  for (const [index, { name }] of entries.entries()) {
    const before = seen.get(name.toLowerCase());
    if (before !== undefined) {
      const at = `${place}: providers[${index}].name`;
      throw problem(at, name, `each name once, but providers[${before}] has it too`);
    }
    seen.set(name.toLowerCase(), index);
  }
  return entries;
}

function parseEntry(data: unknown, place: string): ProviderEntry {
  if (!isRecord(data))
    throw problem(place, shown(data), 'an object with name, model, and baseUrl or provider');
  refuseStrangers(data, ENTRY_KEYS, place);
  const name = nameIn(data, 'name', place);
  const model = nameIn(data, 'model', place);
  const preset = presetIn(data['provider'], `${place}.provider`);
  const baseUrl = baseUrlIn(data['baseUrl'], `${place}.baseUrl`);
  if (baseUrl === null && preset === null) {
    throw problem(place, name, 'a "baseUrl", or a "provider" of our presets');
  }
  return {
    name,
    baseUrl,
    preset,
    model,
    keyVariable: keyVariableIn(data['keyVariable'], `${place}.keyVariable`),
    prices: pricesIn(data['prices'], `${place}.prices`),
    headers: headersIn(data['headers'], `${place}.headers`),
    body: bodyIn(data['body'], `${place}.body`),
  };
}

/** It becomes a tag, and part of a mix: the same characters are refused. */
function nameIn(data: Record<string, unknown>, key: string, place: string): string {
  const value = data[key];
  if (typeof value !== 'string' || value.trim() === '') {
    throw problem(`${place}.${key}`, shown(value), 'a text that is not empty');
  }
  const name = value.trim();
  if (isMixName(name)) return name;
  throw problem(
    `${place}.${key}`,
    name,
    'a name without quotes, braces, commas, semicolons and control characters',
  );
}

function isMixName(name: string): boolean {
  try {
    return parseMix(`${name}=1`, '')[0]?.model === name;
  } catch {
    return false;
  }
}

function presetIn(value: unknown, place: string): ProviderName | null {
  if (value === undefined) return null;
  const found = PROVIDER_NAMES.find((name) => name === value);
  if (found !== undefined) return found;
  const word = typeof value === 'string' ? hint(value, PROVIDER_NAMES) : '';
  throw problem(place, shown(value), `one of ${PROVIDER_NAMES.join(', ')}${word}`);
}

function baseUrlIn(value: unknown, place: string): string | null {
  if (value === undefined) return null;
  if (typeof value !== 'string') throw problem(place, shown(value), 'a base URL');
  joinBaseUrl(value, { setting: place });
  return value;
}

/** Whoever wrote a key there must not read it on the screen. */
function keyVariableIn(value: unknown, place: string): string | null {
  if (value === undefined) return null;
  if (typeof value === 'string' && /^[A-Z_][A-Z0-9_]*$/.test(value)) return value;
  throw problem(
    place,
    '(hidden)',
    'the name of an environment variable in capitals, as OPENAI_API_KEY, and never the key itself',
  );
}

function pricesIn(value: unknown, place: string): EntryPrices | null {
  if (value === undefined) return null;
  if (typeof value === 'string' && value.trim() !== '') return { kind: 'file', path: value.trim() };
  if (!isRecord(value)) {
    throw problem(place, shown(value), 'an object with input and output prices, or the path of a price file');
  }
  parseModelPrice(value, PRICE_DEFAULTS, place);
  return { kind: 'rates', rates: value };
}

function headersIn(value: unknown, place: string): Readonly<Record<string, string>> {
  if (value === undefined) return {};
  const headers = headerObject(JSON.stringify(value), place);
  const secret = Object.keys(headers).find((name) => KEY_HEADERS.includes(name.toLowerCase()));
  if (secret === undefined) return headers;
  throw problem(place, secret, 'no key in a file: name the variable that holds it in "keyVariable"');
}

function bodyIn(value: unknown, place: string): Readonly<Record<string, unknown>> {
  if (value === undefined) return {};
  if (!isRecord(value)) throw problem(place, shown(value), 'a JSON object, merged into each request');
  return value;
}

function refuseStrangers(data: Record<string, unknown>, keys: readonly string[], place: string): void {
  const stranger = Object.keys(data).find((key) => !keys.includes(key));
  if (stranger === undefined) return;
  throw problem(place, stranger, `no fields but ${keys.join(', ')}${hint(stranger, keys)}`);
}

function shown(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? 'nothing');
}

function problem(setting: string, got: string, expected: string): ConfigError {
  return new ConfigError({ setting, got, expected, example: EXAMPLE });
}
