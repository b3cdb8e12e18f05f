import type { Attempt } from '../../answer/attempt.ts';
import { usdFromMillionths } from '../../money/sum-usd.ts';
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
    usdOf: (attempt, found) => {
      const { inputTokens, outputTokens } = attempt.usage;
      if (inputTokens === null || outputTokens === null) return 'usage-missing';
      if (found.priced === null) return 'unpriced';
      const { price } = found.priced;
      if (price.output !== null && price.tiers.length === 0 && isPlain(attempt))
        return usdFromMillionths(inputTokens * price.input + outputTokens * price.output);
      const { usage, rates } = attempt;
      const { isUnpricedOutput, usdFor } = prices();
      return usdFor(usage, price, rates) ?? (isUnpricedOutput(usage, price) ? 'unpriced' : 'usage-missing');
    },
  };
}

/** Nearly every answer: nothing cached, no rates of its own, counts that can be counted with. */
function isPlain({ usage, rates }: Attempt): boolean {
  if (usage.cachedInputTokens || usage.cacheWriteInputTokens || rates.length > 0) return false;
  const { inputTokens, outputTokens } = usage;
  return (
    inputTokens !== null &&
    outputTokens !== null &&
    inputTokens >= 0 &&
    outputTokens >= 0 &&
    inputTokens + outputTokens < Infinity
  );
}
