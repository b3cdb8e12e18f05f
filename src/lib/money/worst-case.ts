import { formatUsd } from '../text/format.ts';
import { UNKNOWN_USAGE } from '../answer/attempt.ts';
import { hourRate, type Price, type Rates, scaled, usdFor } from './price.ts';

/** What a request asks for that has a rate of its own. */
export type RatesAsked = { hourCache: boolean; serviceTier: boolean };

const ORDINARY: RatesAsked = { hourCache: false, serviceTier: false };

/**
 * The most that a request can cost: its tiers and ways of counting input tokens, whichever is dearest; a cache that
 * lasts an hour and tiers of service, where it asks for them.
 */
export function worstCaseUsd(
  price: Price,
  inputTokens: number,
  outputTokens: number,
  asked: RatesAsked = ORDINARY,
): number {
  const reachable: Rates[] = [price, ...price.tiers.filter((tier) => tier.aboveInputTokens < inputTokens)];
  const ordinary = [...reachable];
  for (const tier of asked.serviceTier ? Object.values(price.serviceTiers ?? {}) : []) {
    reachable.push(...(typeof tier === 'number' ? ordinary.map((rates) => scaled(rates, tier)) : [tier]));
  }
  const costs = reachable.map((rates) => {
    const hour = asked.hourCache ? hourRate(price, rates) : 0;
    const dearest = Math.max(rates.input, rates.cacheWrite ?? 0, rates.cachedInput ?? 0, hour);
    const { output } = rates;
    const { source, date } = price;
    const flat: Price = {
      input: dearest,
      cachedInput: null,
      cacheWrite: null,
      output,
      tiers: [],
      source,
      date,
    };
    return usdFor({ ...UNKNOWN_USAGE, inputTokens, outputTokens }, flat) ?? Infinity;
  });
  return Math.max(...costs);
}

/** One request at its dearest. */
export type WorstRequest = {
  model: string;
  worstUsd: number;
  maxInputTokens: number;
  maxOutputTokens: number;
};

/** Says that a hard limit lets not one request through. */
export function tooSmallForOne(limitUsd: number, worst: WorstRequest): string {
  return (
    `a budget of ${formatUsd(limitUsd)} is too small for one request: one of ${worst.model} may cost ` +
    `${formatUsd(worst.worstUsd)} (at most ${worst.maxInputTokens} tokens in, ${worst.maxOutputTokens} out)`
  );
}
