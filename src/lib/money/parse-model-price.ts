import { isRecord } from '../parse/json.ts';
import { hint } from '../parse/did-you-mean.ts';
import { ConfigError } from '../parse/config-error.ts';
import type { Price, Rates, Tier } from './price.ts';

/** What a price is told for: a million tokens (the default), a thousand, or one. */
export const UNITS = ['per_1m', 'per_1k', 'per_token'] as const;

export type PriceUnit = (typeof UNITS)[number];

/** What an entry takes from the file or the table around it. */
export type PriceDefaults = { unit: PriceUnit; source: string; date: string };

const TOKENS_PER_UNIT: Readonly<Record<PriceUnit, number>> = { per_1m: 1e6, per_1k: 1e3, per_token: 1 };
const RATE_KEYS = ['input', 'cachedInput', 'cacheWrite', 'output'];
const ENTRY_KEYS = [...RATE_KEYS, 'cacheWriteHour', 'serviceTiers', 'unit', 'tiers', 'source', 'date'];
const TIER_KEYS = [...RATE_KEYS, 'aboveInputTokens'];
const EXAMPLE = '{"input":2,"cachedInput":0.5,"output":8}';

/**
 * One model's price from its JSON.
 *
 * @param place how messages name it: `LLM_PRICES prices.json: models.gpt-4.1`.
 * @throws ConfigError for a price that is missing, not a number, below zero or not finite, and for unknown keys:
 *   `cached_input` left aside would be billed in full.
 */
export function parseModelPrice(data: unknown, defaults: PriceDefaults, place: string): Price {
  const entry = recordOf(data, { place, keys: ENTRY_KEYS });
  const unit = entry['unit'] ?? defaults.unit;
  if (!isUnit(unit)) throw problem(`${place}.unit`, unit, `one of ${UNITS.join(', ')}`);
  const { cacheWriteHour, serviceTiers } = entry;
  return {
    ...parseRates(entry, unit, place),
    ...(cacheWriteHour === undefined
      ? {}
      : { cacheWriteHour: usdPerMillion(cacheWriteHour, unit, `${place}.cacheWriteHour`) }),
    ...(serviceTiers === undefined
      ? {}
      : { serviceTiers: parseServiceTiers(serviceTiers, unit, `${place}.serviceTiers`) }),
    tiers: parseTiers(entry['tiers'], unit, `${place}.tiers`),
    source: textOr(entry['source'], defaults.source),
    date: textOr(entry['date'], defaults.date),
  };
}

export function isUnit(value: unknown): value is PriceUnit {
  return UNITS.some((unit) => unit === value);
}

function parseRates(entry: Record<string, unknown>, unit: PriceUnit, place: string): Rates {
  const required = (key: string): number => usdPerMillion(entry[key], unit, `${place}.${key}`);
  const optional = (key: string): number | null => (entry[key] === undefined ? null : required(key));
  return {
    input: required('input'),
    cachedInput: optional('cachedInput'),
    cacheWrite: optional('cacheWrite'),
    // Models that embed or rank write nothing.
    output: optional('output'),
  };
}

function parseTiers(data: unknown, unit: PriceUnit, place: string): Tier[] {
  if (data === undefined) return [];
  if (!Array.isArray(data)) throw problem(place, data, 'a list of tiers');
  const tiers = data.map((item: unknown, index) => {
    const at = `${place}[${index}]`;
    const tier = recordOf(item, { place: at, keys: TIER_KEYS });
    const aboveInputTokens = tier['aboveInputTokens'];
    if (typeof aboveInputTokens !== 'number' || !(aboveInputTokens > 0 && aboveInputTokens < Infinity)) {
      throw problem(`${at}.aboveInputTokens`, aboveInputTokens, 'a number of input tokens above 0');
    }
    return { ...parseRates(tier, unit, at), aboveInputTokens };
  });
  return tiers.sort((a, b) => b.aboveInputTokens - a.aboveInputTokens);
}

function parseServiceTiers(data: unknown, unit: PriceUnit, place: string): Record<string, Rates | number> {
  if (!isRecord(data)) throw problem(place, data, 'an object of prices by tier, `flex` or `priority`');
  const tiers = Object.entries(data).map(([name, tier]): [string, Rates | number] => {
    const at = `${place}.${name}`;
    if (typeof tier === 'number') {
      if (tier >= 0 && tier < Infinity) return [name.toLowerCase(), tier];
      throw problem(at, tier, 'prices, or the factor of the ordinary ones, a number of at least 0');
    }
    return [name.toLowerCase(), parseRates(recordOf(tier, { place: at, keys: RATE_KEYS }), unit, at)];
  });
  return Object.fromEntries(tiers);
}

/** US dollars per million tokens; 15 significant digits take away the dust of the conversion. */
function usdPerMillion(value: unknown, unit: PriceUnit, place: string): number {
  if (typeof value === 'number' && value >= 0 && value < Infinity) {
    return Number((value * (1e6 / TOKENS_PER_UNIT[unit])).toPrecision(15));
  }
  throw problem(place, value, `US dollars ${unit.replace('_', ' ')} tokens, a JSON number of at least 0`);
}

function recordOf(data: unknown, { place, keys }: { place: string; keys: readonly string[] }) {
  if (!isRecord(data))
    throw problem(
      place,
      data,
      'an object with input and output prices, or with an input price alone for models that write nothing',
    );
  const stranger = Object.keys(data).find((key) => !keys.includes(key));
  if (stranger === undefined) return data;
  throw problem(place, stranger, `no keys but ${keys.join(', ')}${hint(stranger, keys)}`);
}

function textOr(value: unknown, fallback: string): string {
  return typeof value === 'string' ? value : fallback;
}

function problem(setting: string, got: unknown, expected: string): ConfigError {
  const shown = typeof got === 'string' ? got : (JSON.stringify(got) ?? 'nothing');
  return new ConfigError({ setting, got: shown, expected, example: EXAMPLE });
}
