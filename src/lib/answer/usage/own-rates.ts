import { isRecord } from '../../parse/json.ts';

/** Something that an answer says of itself and that is billed at a rate of its own. */
export type OwnRate = {
  /** `flex`, `cache_write_1h`, `web_search`, … */
  name: string;
  /** The tokens that it holds for; null: the whole answer, or no tokens at all. */
  tokens: number | null;
};

export const NO_RATES: readonly OwnRate[] = [];

/** Anthropic's prompt cache that lasts an hour. */
export const HOUR_CACHE = 'cache_write_1h';

/** Tiers that cost what the table says. Groq calls its own `on_demand`. */
const ORDINARY = new Set([
  '',
  'default',
  'auto',
  'standard',
  'on_demand',
  'none',
  'null',
  'global',
  'not_available',
]);

/** A tier of service with a price of its own; null for the ordinary one. */
export function tierRate(tier: unknown): OwnRate | null {
  if (typeof tier !== 'string' || ORDINARY.has(tier.toLowerCase())) return null;
  return { name: tier.toLowerCase().slice(0, 40), tokens: null };
}

/**
 * The rates that a `usage` object names: OpenAI's and Groq's tiers, Anthropic's tier, speed, region, cache that lasts
 * an hour and server tools, sound and pictures (API references, 2026-11).
 */
export function ratesIn(raw: Record<string, unknown>): OwnRate[] {
  const whole = ['service_tier', 'speed', 'inference_geo'].map((key) => tierRate(raw[key]));
  const cache = partOf(raw['cache_creation'], 'ephemeral_1h_input_tokens', HOUR_CACHE);
  const modes = [
    ...['prompt_tokens_details', 'input_tokens_details'].flatMap((key) => modesOf(raw[key], 'input')),
    ...['completion_tokens_details', 'output_tokens_details'].flatMap((key) => modesOf(raw[key], 'output')),
  ];
  return [...whole, cache, ...modes, ...toolsIn(raw['server_tool_use'])].filter((rate) => rate !== null);
}

function modesOf(details: unknown, direction: 'input' | 'output'): (OwnRate | null)[] {
  return ['audio', 'image', 'video'].map((mode) => partOf(details, `${mode}_tokens`, `${mode}_${direction}`));
}

function toolsIn(uses: unknown): OwnRate[] {
  if (!isRecord(uses)) return [];
  return Object.entries(uses)
    .filter(([, count]) => typeof count === 'number' && count > 0)
    .map(([key]) => ({ name: key.replace(/_requests$/, ''), tokens: null }));
}

function partOf(holder: unknown, key: string, name: string): OwnRate | null {
  const tokens = isRecord(holder) ? holder[key] : null;
  return typeof tokens === 'number' && Number.isSafeInteger(tokens) && tokens > 0 ? { name, tokens } : null;
}
