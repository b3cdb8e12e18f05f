import type { Usage } from '../answer/attempt.ts';
import { HOUR_CACHE, NO_RATES, type OwnRate } from '../answer/usage/own-rates.ts';
import { usdFromMillionths } from './sum-usd.ts';

/** Prices of tokens in US dollars per million. */
export type Rates = {
  input: number;
  /** Input tokens read from the prompt cache; null: no price is known, so they cost as much as `input`. */
  cachedInput: number | null;
  /** Input tokens written to the prompt cache; null: not billed apart, so they cost as much as `input`. */
  cacheWrite: number | null;
  /** Output tokens, reasoning included; null: it has none, as models that embed or rank. */
  output: number | null;
};

/** Prices of a request whose prompt is longer than `aboveInputTokens`; they hold for all of its tokens. */
export type Tier = Rates & { aboveInputTokens: number };

/** What a model costs, and who says so. */
export type Price = Rates & {
  /** Input tokens written to a cache that lasts an hour; not given: twice the input, Anthropic's own rule (2026-11). */
  cacheWriteHour?: number;
  /** Tiers that an answer may say it was served in, `flex`, `priority`, `fast`: prices, or a factor of the ordinary ones. */
  serviceTiers?: Readonly<Record<string, Rates | number>>;
  /** From the longest prompts to the shortest. */
  tiers: readonly Tier[];
  source: string;
  /** ISO date on which the source said so. */
  date: string;
};

export type Charge = {
  /** Rounded to the picodollar. */
  costUsd: number;
  /** Cached tokens were charged in full, as their own price is not known: it cost this much at most. */
  upperBound: boolean;
  /** Rates that the answer names and the price does not: charged as if it had not named them. */
  unknownRates: readonly string[];
};

/** Anthropic: "1-hour cache write tokens are 2 times the base input tokens price" (2026-11). */
const HOUR_CACHE_FACTOR = 2;

/**
 * What a request cost: full, cached and cache-writing input tokens, and output tokens, each at its own price.
 * Reasoning tokens are part of the output tokens, and cached ones of the input tokens: neither is counted twice.
 * A server that reports more cached tokens than input tokens is taken to mean all of them.
 *
 * @returns null when input or output tokens are unknown, and for output without a price.
 */
export function chargeFor(
  usage: Usage,
  price: Price,
  ownRates: readonly OwnRate[] = NO_RATES,
): Charge | null {
  const costUsd = usdFor(usage, price, ownRates);
  if (costUsd === null) return null;
  const inputTokens = countOrZero(usage.inputTokens);
  const { cachedInput, input } = tierOf(price, ownRates, inputTokens) ?? ratesFor(price, inputTokens);
  const cachedTokens = Math.min(countOrZero(usage.cachedInputTokens), inputTokens);
  const upperBound = cachedTokens > 0 && cachedInput === null && input > 0;
  return { costUsd, upperBound, unknownRates: unknownRates(price, ownRates) };
}

/** The dollars of `chargeFor` alone: every request asks for them. */
export function usdFor(usage: Usage, price: Price, ownRates: readonly OwnRate[] = NO_RATES): number | null {
  const { inputTokens, outputTokens } = usage;
  if (!isCount(inputTokens) || !isCount(outputTokens)) return null;
  const rates = tierOf(price, ownRates, inputTokens) ?? ratesFor(price, inputTokens);
  const output = outputDollars(outputTokens, rates);
  if (output === null) return null;
  const cachedTokens = Math.min(countOrZero(usage.cachedInputTokens), inputTokens);
  const writtenTokens = Math.min(countOrZero(usage.cacheWriteInputTokens), inputTokens - cachedTokens);
  const hour = ownRates.find(({ name }) => name === HOUR_CACHE)?.tokens ?? 0;
  const hourTokens = Math.min(hour, writtenTokens);
  const tokenDollars =
    (inputTokens - cachedTokens - writtenTokens) * rates.input +
    cachedTokens * (rates.cachedInput ?? rates.input) +
    (writtenTokens - hourTokens) * (rates.cacheWrite ?? rates.input) +
    hourTokens * hourRate(price, rates) +
    output;
  return usdFromMillionths(tokenDollars);
}

/** In millionths; null for output that has no price. */
function outputDollars(outputTokens: number, { output }: Rates): number | null {
  return output === null ? (outputTokens === 0 ? 0 : null) : outputTokens * output;
}

/** A model that has a price for what it reads and none for what it wrote. */
export function isUnpricedOutput({ outputTokens }: Usage, { output }: Rates): boolean {
  return output === null && (outputTokens ?? 0) > 0;
}

/** Of a cache that lasts an hour: the price's own, for its own rates alone. */
export function hourRate(price: Price, rates: Rates): number {
  const own = rates === price ? price.cacheWriteHour : undefined;
  return own ?? rates.input * HOUR_CACHE_FACTOR;
}

/** The rates of the tier that the answer was served in; null when it names none, or none with a price. */
function tierOf(price: Price, ownRates: readonly OwnRate[], inputTokens: number): Rates | null {
  const { serviceTiers } = price;
  if (serviceTiers === undefined) return null;
  // Names come from servers: `constructor` is no tier.
  const named = ownRates.find(({ name, tokens }) => tokens === null && Object.hasOwn(serviceTiers, name));
  const tier = named === undefined ? undefined : serviceTiers[named.name];
  return typeof tier === 'number' ? scaled(ratesFor(price, inputTokens), tier) : (tier ?? null);
}

/** Every rate of a tier that costs a factor of the ordinary one. */
export function scaled({ input, cachedInput, cacheWrite, output }: Rates, factor: number): Rates {
  const times = (rate: number): number => Number((rate * factor).toPrecision(12));
  return {
    input: times(input),
    cachedInput: cachedInput === null ? null : times(cachedInput),
    cacheWrite: cacheWrite === null ? null : times(cacheWrite),
    output: output === null ? null : times(output),
  };
}

function unknownRates({ serviceTiers = {} }: Price, ownRates: readonly OwnRate[]): string[] {
  return ownRates
    .map(({ name }) => name)
    .filter((name) => name !== HOUR_CACHE && !Object.hasOwn(serviceTiers, name));
}

/** `$2 in, $8 out per 1M tokens ($0.5 cached)`. */
export function describePrice(price: Price): string {
  const { input, output, cachedInput, cacheWrite, tiers, serviceTiers = {} } = price;
  const extras = [
    ...(cachedInput === null ? [] : [`$${cachedInput} cached`]),
    ...(cacheWrite === null ? [] : [`$${cacheWrite} cache write`]),
    ...tiers.map((tier) => `${shownRates(tier)} above ${tier.aboveInputTokens} input tokens`),
    ...Object.entries(serviceTiers).map(([name, tier]) => {
      return `${shownRates(typeof tier === 'number' ? scaled(price, tier) : tier)} ${name}`;
    }),
  ];
  const more = extras.length === 0 ? '' : ` (${extras.join(', ')})`;
  const out = output === null ? '' : `, $${output} out`;
  return `$${input} in${out} per 1M tokens${more}`;
}

function shownRates({ input, output }: Rates): string {
  return output === null ? `$${input}` : `$${input} / $${output}`;
}

function ratesFor(price: Price, inputTokens: number): Rates {
  return price.tiers.find(({ aboveInputTokens }) => inputTokens > aboveInputTokens) ?? price;
}

function isCount(tokens: number | null): tokens is number {
  return tokens !== null && tokens >= 0 && tokens < Infinity;
}

function countOrZero(tokens: number | null): number {
  return isCount(tokens) ? tokens : 0;
}
