import { formatUsd } from '../text/format.ts';
import { chargeFor, type Price, type Rates } from './price.ts';

/** The most that a request can cost: its tiers and ways of counting input tokens, whichever is dearest. */
export function worstCaseUsd(price: Price, inputTokens: number, outputTokens: number): number {
  const reachable: Rates[] = [price, ...price.tiers.filter((tier) => tier.aboveInputTokens < inputTokens)];
  const costs = reachable.map((rates) => {
    const dearest = Math.max(rates.input, rates.cacheWrite ?? 0, rates.cachedInput ?? 0);
    const flat: Price = { ...rates, input: dearest, tiers: [], source: price.source, date: price.date };
    const usage = {
      inputTokens,
      outputTokens,
      cachedInputTokens: null,
      cacheWriteInputTokens: null,
      reasoningTokens: null,
    };
    return chargeFor(usage, flat)?.costUsd ?? Infinity;
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
