import { isRecord } from '../../lib/parse/json.ts';
import { priceNames } from '../../lib/money/price-names.ts';

/** One model as data/prices.json holds it, US dollars per million tokens. */
export type PriceEntry = {
  input: number;
  cachedInput?: number;
  cacheWrite?: number;
  output: number;
  tiers?: (Omit<PriceEntry, 'tiers'> & { aboveInputTokens: number })[];
};

/** Prices of one provider, and what was left out, by reason. */
export type Imported = {
  models: Record<string, PriceEntry>;
  skipped: Record<string, number>;
};

/** What is no chat model of text: sound, images, search with its own fees, guards, tools that bill by the call. */
const NOT_PLAIN_CHAT =
  /^ft:|audio|realtime|voxtral|tts|transcribe|search|image|vision-exp|computer-use|deep-research|guard|robotics|lyria|omni|container|ocr|fim|vibe-cli|leanstral|learnlm|customtools/;

/** Names that makers use for trials: they come and go faster than this table. */
const TRIAL = /beta|experimental|-exp\b|-exp-|gv2|multi-agent/;

/**
 * The current chat models of one provider from LiteLLM's price file. Left out: other modes than chat; models past
 * their date of deprecation; trials; a price of 0 on both sides (a free tier, or a blank); dated snapshots
 * that cost what their undated name costs, as names without their date are looked up anyway.
 *
 * @param provider LiteLLM's name of it, `litellm_provider`.
 * @param today ISO date.
 */
export function importProvider(
  file: Readonly<Record<string, unknown>>,
  provider: string,
  today: string,
): Imported {
  const models = new Map<string, PriceEntry>();
  const skipped: Record<string, number> = {};
  for (const [key, entry] of Object.entries(file)) {
    if (!isRecord(entry) || entry['litellm_provider'] !== provider) continue;
    const name = key.startsWith(`${provider}/`) ? key.slice(provider.length + 1) : key;
    const price = toEntry(entry);
    const reason = whyNot(name, entry, { price, today });
    if (reason !== null || price === null) skipped[reason ?? ''] = (skipped[reason ?? ''] ?? 0) + 1;
    else models.set(name, price);
  }
  for (const [name, price] of models) {
    const undated = priceNames(name).find((other) => other !== name && name.startsWith(other));
    if (undated === undefined || JSON.stringify(models.get(undated)) !== JSON.stringify(price)) continue;
    models.delete(name);
    skipped['dated, at the price of its undated name'] =
      (skipped['dated, at the price of its undated name'] ?? 0) + 1;
  }
  const sorted = [...models].sort(([a], [b]) => (a < b ? -1 : 1));
  return { models: Object.fromEntries(sorted), skipped };
}

function whyNot(
  name: string,
  entry: Record<string, unknown>,
  { price, today }: { price: PriceEntry | null; today: string },
): string | null {
  const deprecated = entry['deprecation_date'];
  if (entry['mode'] !== 'chat') return 'not chat';
  if (NOT_PLAIN_CHAT.test(name)) return 'not plain text chat';
  if (TRIAL.test(name)) return 'trial';
  if (typeof deprecated === 'string' && deprecated < today) return 'past its deprecation date';
  if (price === null) return 'no price';
  return price.input === 0 && price.output === 0 ? 'free, or a blank' : null;
}

function toEntry(entry: Record<string, unknown>): PriceEntry | null {
  const base = rates(entry, '');
  if (base === null) return null;
  const tiers = Object.keys(entry).flatMap((key) => {
    const thousands = /^input_cost_per_token_above_(\d+)k_tokens$/.exec(key)?.[1];
    const tier = thousands === undefined ? null : rates(entry, `_above_${thousands}k_tokens`, base);
    return tier === null ? [] : [{ aboveInputTokens: Number(thousands) * 1000, ...tier }];
  });
  const byLength = tiers.sort((a, b) => a.aboveInputTokens - b.aboveInputTokens);
  return byLength.length === 0 ? base : { ...base, tiers: byLength };
}

/** The rates under one suffix; a tier without a price of input or output keeps that of `base`. */
function rates(
  entry: Record<string, unknown>,
  suffix: string,
  base?: PriceEntry,
): Omit<PriceEntry, 'tiers'> | null {
  const input = usdPerMillion(entry[`input_cost_per_token${suffix}`]) ?? base?.input;
  const output = usdPerMillion(entry[`output_cost_per_token${suffix}`]) ?? base?.output;
  if (input === undefined || output === undefined) return null;
  const cachedInput = usdPerMillion(entry[`cache_read_input_token_cost${suffix}`]);
  const cacheWrite = usdPerMillion(entry[`cache_creation_input_token_cost${suffix}`]);
  return {
    input,
    ...(cachedInput === undefined ? {} : { cachedInput }),
    // 0 there means: not billed apart.
    ...(cacheWrite === undefined || cacheWrite === 0 ? {} : { cacheWrite }),
    output,
  };
}

function usdPerMillion(usdPerToken: unknown): number | undefined {
  const isPrice = typeof usdPerToken === 'number' && usdPerToken >= 0 && usdPerToken < Infinity;
  return isPrice ? Number((usdPerToken * 1e6).toPrecision(12)) : undefined;
}
