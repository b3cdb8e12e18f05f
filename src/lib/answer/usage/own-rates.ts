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
 * an hour and server tools, LiteLLM's word for that cache, Perplexity's and xAI's searches, sound and pictures (API
 * references, 2026-11).
 */
export function ratesIn(raw: Record<string, unknown>): OwnRate[] {
  const { prompt_tokens_details: details, cache_creation: written } = raw;
  const inDetails = isRecord(details) ? details['cache_creation_token_details'] : null;
  return [
    TIER_KEYS.map((key) => tierRate(raw[key])),
    partOf(written ?? inDetails, 'ephemeral_1h_input_tokens', HOUR_CACHE),
    INPUT_KEYS.map((key) => modesOf(raw[key], 'input')),
    OUTPUT_KEYS.map((key) => modesOf(raw[key], 'output')),
    TOOL_KEYS.map((key) => toolsIn(raw[key])),
    SEARCH_KEYS.map((key) =>
      partOf(raw, key, 'web_search') === null ? null : { name: 'web_search', tokens: null },
    ),
  ]
    .flat(2)
    .filter((rate) => rate !== null);
}

const TIER_KEYS = ['service_tier', 'speed', 'inference_geo'];
const INPUT_KEYS = ['prompt_tokens_details', 'input_tokens_details'];
const OUTPUT_KEYS = ['completion_tokens_details', 'output_tokens_details'];
const TOOL_KEYS = ['server_tool_use', 'server_side_tool_usage_details'];
const SEARCH_KEYS = ['num_search_queries', 'num_sources_used'];
const MODES = ['audio', 'image', 'video'];

function modesOf(details: unknown, direction: 'input' | 'output'): (OwnRate | null)[] {
  if (!isRecord(details)) return [];
  return MODES.map((mode) => partOf(details, `${mode}_tokens`, `${mode}_${direction}`));
}

/** Of Anthropic's tools, the one that costs nothing but its tokens. */
const FREE_TOOL = 'web_fetch_requests';

/** The Responses API's own tools that are billed by the call. */
const BILLED_CALL = /^(web_search|file_search|code_interpreter|image_generation)(_preview)?_call$/;

/** The rate of an item of the output that is such a call; null for any other. */
export function callRate(type: string): OwnRate | null {
  const name = BILLED_CALL.exec(type)?.[1];
  return name === undefined ? null : { name, tokens: null };
}

function toolsIn(uses: unknown): OwnRate[] {
  if (!isRecord(uses)) return [];
  return Object.entries(uses)
    .filter(([key, count]) => typeof count === 'number' && count > 0 && key !== FREE_TOOL)
    .map(([key]) => ({ name: key.replace(/_(requests|calls)$/, ''), tokens: null }));
}

function partOf(holder: unknown, key: string, name: string): OwnRate | null {
  const tokens = isRecord(holder) ? holder[key] : null;
  return typeof tokens === 'number' && Number.isSafeInteger(tokens) && tokens > 0 ? { name, tokens } : null;
}
