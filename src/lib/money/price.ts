import type { Usage } from '../answer/attempt.ts';
import { usdFromMillionths } from './exact-usd.ts';

/** Prices of tokens in US dollars per million. */
export type Rates = {
  input: number;
  /** Input tokens read from the prompt cache; null: no price is known, so they cost as much as `input`. */
  cachedInput: number | null;
  /** Input tokens written to the prompt cache; null: not billed apart, so they cost as much as `input`. */
  cacheWrite: number | null;
  /** Output tokens, reasoning included. */
  output: number;
};

/** Prices of a request whose prompt is longer than `aboveInputTokens`; they hold for all of its tokens. */
export type Tier = Rates & { aboveInputTokens: number };

/** What a model costs, and who says so. */
export type Price = Rates & {
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
};

/**
 * What a request cost: full, cached and cache-writing input tokens, and output tokens, each at its own price.
 * Reasoning tokens are part of the output tokens, and cached ones of the input tokens: neither is counted twice.
 * A server that reports more cached tokens than input tokens is taken to mean all of them.
 *
 * @returns null when input or output tokens are unknown.
 */
export function chargeFor(usage: Usage, price: Price): Charge | null {
  const costUsd = usdFor(usage, price);
  if (costUsd === null) return null;
  const inputTokens = countOrZero(usage.inputTokens);
  const { cachedInput, input } = ratesFor(price, inputTokens);
  const cachedTokens = Math.min(countOrZero(usage.cachedInputTokens), inputTokens);
  return { costUsd, upperBound: cachedTokens > 0 && cachedInput === null && input > 0 };
}

/** The dollars of `chargeFor` alone: every request asks for them. */
export function usdFor(usage: Usage, price: Price): number | null {
  const { inputTokens, outputTokens } = usage;
  if (!isCount(inputTokens) || !isCount(outputTokens)) return null;
  const rates = ratesFor(price, inputTokens);
  if (!usage.cachedInputTokens && !usage.cacheWriteInputTokens) {
    // Nearly every request: 0 or unknown, both.
    return usdFromMillionths(inputTokens * rates.input + outputTokens * rates.output);
  }
  const cachedTokens = Math.min(countOrZero(usage.cachedInputTokens), inputTokens);
  const writtenTokens = Math.min(countOrZero(usage.cacheWriteInputTokens), inputTokens - cachedTokens);
  const tokenDollars =
    (inputTokens - cachedTokens - writtenTokens) * rates.input +
    cachedTokens * (rates.cachedInput ?? rates.input) +
    writtenTokens * (rates.cacheWrite ?? rates.input) +
    outputTokens * rates.output;
  return usdFromMillionths(tokenDollars);
}

/** `$2 in, $8 out per 1M tokens ($0.5 cached)`. */
export function describePrice({ input, output, cachedInput, cacheWrite, tiers }: Price): string {
  const extras = [
    ...(cachedInput === null ? [] : [`$${cachedInput} cached`]),
    ...(cacheWrite === null ? [] : [`$${cacheWrite} cache write`]),
    ...tiers.map((tier) => `$${tier.input} / $${tier.output} above ${tier.aboveInputTokens} input tokens`),
  ];
  const more = extras.length === 0 ? '' : ` (${extras.join(', ')})`;
  return `$${input} in, $${output} out per 1M tokens${more}`;
}

function ratesFor(price: Price, inputTokens: number): Rates {
  if (price.tiers.length === 0) return price;
  return price.tiers.find(({ aboveInputTokens }) => inputTokens > aboveInputTokens) ?? price;
}

function isCount(tokens: number | null): tokens is number {
  return tokens !== null && tokens >= 0 && tokens < Infinity;
}

function countOrZero(tokens: number | null): number {
  return isCount(tokens) ? tokens : 0;
}
