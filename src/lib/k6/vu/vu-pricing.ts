import type { Attempt } from '../../answer/attempt.ts';
import { isUnpricedOutput, usdFor } from '../../money/price.ts';
import type { Pricing } from '../../money/pricing.ts';
import type { VuSettings } from '../../settings/settings.ts';
import { control } from '../parts.ts';
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
  prices: readonly KnownPrice[],
  settings: VuSettings,
  overrideText: string | null,
): VuPricing {
  const known = new Map<string, Map<string | null, KnownPrice>>();
  for (const price of prices) {
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
      return usdFor(usage, price, rates) ?? (isUnpricedOutput(usage, price) ? 'unpriced' : 'usage-missing');
    },
  };
}
