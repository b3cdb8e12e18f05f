import { isRecord, parseJsonFile } from '../parse/json.ts';
import { hint } from '../parse/did-you-mean.ts';
import { ConfigError } from '../parse/config-error.ts';
import { isUnit, parseModelPrice, type PriceDefaults, UNITS } from './parse-model-price.ts';
import type { Price } from './price.ts';
import { plainName } from '../text/plain-text.ts';

/** Prices by name, parsed when they are asked for: a VU needs a few of the built-in hundreds. */
export type PriceTable = {
  /** Every name in the table. */
  names: readonly string[];
  /** The price under exactly this name; null when there is none. */
  get(name: string): Price | null;
};

/** A price file: prices that hold wherever a model is served, and those of one provider. */
export type PriceFile = {
  models: PriceTable;
  providers: ReadonlyMap<string, PriceTable>;
  /** API hosts of providers, `api.x.ai`, so that a bare base URL finds its table. */
  providerByHost: ReadonlyMap<string, string>;
  /** What looks like a slip, one line each; empty unless every price was checked. */
  warnings: readonly string[];
};

const FILE_KEYS = ['$schema', 'unit', 'source', 'date', 'license', 'note', 'models', 'providers'];
const PROVIDER_KEYS = ['unit', 'source', 'date', 'license', 'note', 'hosts', 'models'];
const DEFAULTS: PriceDefaults = { unit: 'per_1m', source: 'price file', date: 'undated' };
const EXAMPLE = '{"models":{"gpt-4.1":{"input":2,"output":8}}}';

/**
 * Reads a price file's JSON (data/prices.schema.json describes it). Single prices are parsed on demand:
 * `checkPriceFile` parses all of them at once.
 *
 * @param place how messages name the file: `LLM_PRICES prices.json`.
 * @throws ConfigError when the file's frame is not as it should be.
 */
export function readPriceFile(data: unknown, place: string): PriceFile {
  const root = frame(data, { place, keys: FILE_KEYS });
  const defaults = defaultsOf(root, DEFAULTS, place);
  const providers = new Map<string, PriceTable>();
  const providerByHost = new Map<string, string>();
  const given = root['providers'] ?? {};
  if (!isRecord(given)) throw problem(`${place}: providers`, given, 'an object of tables by provider');
  for (const [name, table] of Object.entries(given)) {
    const at = `${place}: providers.${name}`;
    const own = frame(table, { place: at, keys: PROVIDER_KEYS });
    providers.set(name, tableOf(own['models'], defaultsOf(own, defaults, at), `${at}.models`));
    for (const host of hostsOf(own['hosts'], `${at}.hosts`)) providerByHost.set(host, name);
  }
  if (root['models'] === undefined && providers.size === 0) {
    throw problem(place, data, 'prices under "models", or under "providers" and a name');
  }
  const models = tableOf(root['models'], defaults, `${place}: models`);
  return { models, providers, providerByHost, warnings: [] };
}

/**
 * Parses every price of a file.
 *
 * @returns warnings, one line each: prices so high that a unit must be wrong.
 * @throws ConfigError for the first price that is not one.
 */
export function checkPriceFile(file: PriceFile, place: string): string[] {
  const tables = [['models', file.models] as const, ...file.providers];
  return tables.flatMap(([table, { names, get }]) =>
    names.flatMap((name) => suspicion(get(name), plainName(`${place}: ${name} (${table})`))),
  );
}

/**
 * Reads a user's file (`LLM_PRICES`) and checks every price in it.
 *
 * @throws ConfigError for text that is not JSON, and for the first price that is not one.
 */
export function parsePriceText(text: string, place: string): PriceFile {
  const data = parseJsonFile(text);
  if (data === undefined) throw problem(place, text, 'JSON');
  const file = readPriceFile(data, place);
  return { ...file, warnings: checkPriceFile(file, place) };
}

/** Above this many dollars per million tokens, a unit must be wrong. */
const MAX_PLAUSIBLE_USD = 1000;

function suspicion(price: Price | null, place: string): string[] {
  const highest = price === null ? 0 : Math.max(price.input, price.output ?? 0, price.cacheWrite ?? 0);
  if (highest <= MAX_PLAUSIBLE_USD) return [];
  const shown = String(Math.round(highest)).replace(/\B(?=(\d{3})+$)/g, ',');
  return [`${place}: ${shown} USD per 1M tokens: unit mistake? units are ${UNITS.join(', ')}`];
}

function tableOf(models: unknown, defaults: PriceDefaults, place: string): PriceTable {
  const entries = models ?? {};
  if (!isRecord(entries)) throw problem(place, entries, 'an object of prices by model');
  return {
    names: Object.keys(entries),
    // Names come from servers too: `constructor` is no model.
    get: (name) =>
      Object.hasOwn(entries, name) ? parseModelPrice(entries[name], defaults, `${place}.${name}`) : null,
  };
}

function frame(data: unknown, { place, keys }: { place: string; keys: readonly string[] }) {
  if (!isRecord(data)) throw problem(place, data, 'a JSON object');
  const stranger = Object.keys(data).find((key) => !keys.includes(key));
  if (stranger === undefined) return data;
  throw problem(place, stranger, `no keys but ${keys.join(', ')}${hint(stranger, keys)}`);
}

function defaultsOf(record: Record<string, unknown>, base: PriceDefaults, place: string): PriceDefaults {
  const unit = record['unit'] ?? base.unit;
  if (!isUnit(unit)) throw problem(`${place}: unit`, unit, `one of ${UNITS.join(', ')}`);
  return {
    unit,
    source: textOr(record['source'], base.source),
    date: textOr(record['date'], base.date),
  };
}

function hostsOf(hosts: unknown, place: string): string[] {
  if (hosts === undefined) return [];
  if (!Array.isArray(hosts) || !hosts.every((host): host is string => typeof host === 'string')) {
    throw problem(place, hosts, 'a list of host names');
  }
  return hosts;
}

function textOr(value: unknown, fallback: string): string {
  return typeof value === 'string' ? value : fallback;
}

function problem(setting: string, got: unknown, expected: string): ConfigError {
  const shown = typeof got === 'string' ? got : (JSON.stringify(got) ?? String(got));
  return new ConfigError({ setting, got: shown, expected, example: EXAMPLE });
}
