import { isRecord } from '../../lib/parse/json.ts';
import { priceNames } from '../../lib/money/price-names.ts';

/** One model as data/prices.json holds it, US dollars per million tokens. */
export type PriceEntry = {
  input: number;
  cachedInput?: number;
  cacheWrite?: number;
  /** None for models that embed or rank. */
  output?: number;
  /** Only where it is not twice the input. */
  cacheWriteHour?: number;
  /** Prices, or the factor of the ordinary ones. */
  serviceTiers?: Record<string, PlainRates | number>;
  tiers?: (PlainRates & { aboveInputTokens: number })[];
};

type PlainRates = Pick<PriceEntry, 'input' | 'cachedInput' | 'cacheWrite' | 'output'>;

/** Tiers of service that LiteLLM has prices of, by its suffix; `batches` is asked for by other means than a request. */
const SERVICE_TIERS = ['flex', 'priority'];

/** Whose answers name the tier that they were served in (`service_tier`, API reference, 2026-11). */
const NAMES_TIERS = new Set(['openai']);

/** Prices of one provider, and what was left out, by reason. */
export type Imported = {
  models: Record<string, PriceEntry>;
  skipped: Record<string, number>;
};

/** Modes whose models write nothing: their input is all that is paid for. */
const WITHOUT_OUTPUT: readonly unknown[] = ['embedding', 'rerank'];

/** What is no chat model of text: sound, images, search with its own fees, guards, tools that bill by the call. */
const NOT_PLAIN_CHAT =
  /^ft:|audio|realtime|voxtral|tts|transcribe|search|image|vision-exp|computer-use|deep-research|guard|robotics|lyria|omni|container|ocr|fim|vibe-cli|leanstral|learnlm|customtools/;

/** Names that makers use for trials: they come and go faster than this table. */
const TRIAL = /beta|experimental|-exp\b|-exp-|gv2|multi-agent/;

/**
 * The current models of one provider that chat, embed or rank, from LiteLLM's price file. Left out: other modes; models
 * that are paid by the query, which no price per token tells; models past their date of deprecation; trials; a price of 0 on both sides (a free tier, or a blank); dated snapshots
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
  const isSilent = WITHOUT_OUTPUT.includes(entry['mode']);
  if (entry['mode'] !== 'chat' && !isSilent) return 'not chat, embedding or rerank';
  if (!isSilent && NOT_PLAIN_CHAT.test(name)) return 'not plain text chat';
  if ((usdPerMillion(entry['input_cost_per_query']) ?? 0) > 0) return 'paid by the query';
  if (TRIAL.test(name)) return 'trial';
  if (typeof deprecated === 'string' && deprecated < today) return 'past its deprecation date';
  if (price === null) return 'no price';
  return price.input === 0 && (price.output ?? 0) === 0 ? 'free, or a blank' : null;
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
  return {
    ...base,
    ...hourOf(entry, base),
    ...serviceTiersOf(entry, base),
    ...(byLength.length === 0 ? {} : { tiers: byLength }),
  };
}

/** What all prices of a tier are times the ordinary ones; null when they differ. */
function factorOf(tier: PlainRates, base: PlainRates): number | null {
  const factor = Number((tier.input / base.input).toPrecision(8));
  const isSame = (['output', 'cachedInput', 'cacheWrite'] as const).every((name) => {
    const [own, ordinary] = [tier[name], base[name]];
    if (own === undefined || ordinary === undefined) return own === ordinary;
    return Math.abs(own - ordinary * factor) < 1e-5 * own;
  });
  return base.input > 0 && isSame ? factor : null;
}

function hourOf(entry: Record<string, unknown>, base: PlainRates): Pick<PriceEntry, 'cacheWriteHour'> {
  const hour = usdPerMillion(entry['cache_creation_input_token_cost_above_1hr']);
  return hour === undefined || hour === base.input * 2 ? {} : { cacheWriteHour: hour };
}

/** Those that cost something else than the ordinary one. */
function serviceTiersOf(entry: Record<string, unknown>, base: PlainRates): Pick<PriceEntry, 'serviceTiers'> {
  if (!NAMES_TIERS.has(String(entry['litellm_provider']))) return {};
  const tiers = SERVICE_TIERS.flatMap((name): [string, PlainRates | number][] => {
    const isPriced = usdPerMillion(entry[`input_cost_per_token_${name}`]) !== undefined;
    const tier = isPriced ? rates(entry, `_${name}`, base) : null;
    return tier === null ? [] : [[name, factorOf(tier, base) ?? tier]];
  });
  return tiers.length === 0 ? {} : { serviceTiers: Object.fromEntries(tiers) };
}

/** The rates under one suffix; a tier without a price of input or output keeps that of `base`. */
function rates(entry: Record<string, unknown>, suffix: string, base?: PlainRates): PlainRates | null {
  const input = usdPerMillion(entry[`input_cost_per_token${suffix}`]) ?? base?.input;
  const output = usdPerMillion(entry[`output_cost_per_token${suffix}`]) ?? base?.output;
  const isSilent = WITHOUT_OUTPUT.includes(entry['mode']);
  if (input === undefined || (output === undefined && !isSilent)) return null;
  const cachedInput = usdPerMillion(entry[`cache_read_input_token_cost${suffix}`]);
  const cacheWrite = usdPerMillion(entry[`cache_creation_input_token_cost${suffix}`]);
  return {
    input,
    ...(cachedInput === undefined ? {} : { cachedInput }),
    // 0 there means: not billed apart.
    ...(cacheWrite === undefined || cacheWrite === 0 ? {} : { cacheWrite }),
    ...(output === undefined || isSilent ? {} : { output }),
  };
}

function usdPerMillion(usdPerToken: unknown): number | undefined {
  const isPrice = typeof usdPerToken === 'number' && usdPerToken >= 0 && usdPerToken < Infinity;
  return isPrice ? Number((usdPerToken * 1e6).toPrecision(12)) : undefined;
}
