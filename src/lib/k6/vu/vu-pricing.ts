import type { Attempt, Usage } from '../../answer/attempt.ts';
import { usdFromMillionths } from '../../money/sum-usd.ts';
import type { Price } from '../../money/price.ts';
import type { Pricing } from '../../money/pricing.ts';
import type { VuSettings } from '../../settings/settings.ts';
import { control, prices } from '../parts.ts';
import type { FoundPrice, KnownPrice } from './setup-data.ts';

/** What a VU asks of prices. */
export type VuPricing = {
  find: (asked: string, answered: string | null) => FoundPrice;
  /** The dollars of one answer, failed ones included; why there are none otherwise. */
  usdOf: (attempt: Attempt, found: FoundPrice) => number | 'unpriced' | 'usage-missing';
};

/**
 * Prices for a VU: the few that setup looked up, and the whole table only when an answer names another model. So
 * most VUs never build the table.
 */
export function pricingFrom(
  knownPrices: readonly KnownPrice[],
  settings: VuSettings,
  overrideText: string | null,
): VuPricing {
  const known = new Map<string, Map<string | null, KnownPrice>>();
  for (const price of knownPrices) {
    const ofModel = known.get(price.asked) ?? new Map<string | null, KnownPrice>();
    known.set(price.asked, ofModel.set(price.answered, price));
  }
  let whole: Pricing | null = null;
  return {
    find: (asked, answered) => {
      const found = known.get(asked)?.get(answered);
      if (found !== undefined) return found;
      whole ??= control().loadPricing(settings, overrideText);
      return { priced: whole.priceFor(asked, answered), isOther: whole.isOtherPrice(asked, answered) };
    },
    usdOf: ({ usage, rates }, { priced }) => {
      if (usage.inputTokens === null || usage.outputTokens === null) return 'usage-missing';
      if (priced === null) return 'unpriced';
      const { price } = priced;
      if (isPlainPrice(price) && isPlainUsage(usage) && rates.length === 0)
        return usdFromMillionths(usage.inputTokens * price.input + usage.outputTokens * price.output);
      const { isUnpricedOutput, usdFor } = prices();
      return usdFor(usage, price, rates) ?? (isUnpricedOutput(usage, price) ? 'unpriced' : 'usage-missing');
    },
  };
}

/** One price for input and one for output, whatever the length. */
function isPlainPrice(price: Price): price is Price & { output: number } {
  return price.tiers.length === 0 && price.output !== null;
}

/** Counts of nearly every answer: nothing cached. */
function isPlainUsage(usage: Usage): usage is Usage & { inputTokens: number; outputTokens: number } {
  const { inputTokens, outputTokens, cachedInputTokens, cacheWriteInputTokens } = usage;
  if (inputTokens === null || outputTokens === null || cachedInputTokens || cacheWriteInputTokens)
    return false;
  return inputTokens >= 0 && outputTokens >= 0 && inputTokens + outputTokens < Infinity;
}
