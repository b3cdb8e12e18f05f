import type { Attempt } from '../../answer/attempt.ts';
import { usdFor } from '../../money/price.ts';
import type { Pricing } from '../../money/pricing.ts';
import type { VuSettings } from '../../settings/settings.ts';
import { control } from '../parts.ts';
import type { KnownPrices } from './setup-data.ts';
import { ownValue } from '../../parse/own-value.ts';

/** What a VU asks of prices. */
export type VuPricing = {
  /** The dollars of one answer, failed ones included; why there are none otherwise. */
  usdOf: (attempt: Attempt, model: string) => number | 'unpriced' | 'usage-missing';
};

/**
 * Prices for a VU: the few that setup looked up, and the whole table only when an answer names another model. So
 * most VUs never build the table.
 */
export function pricingFrom(
  known: KnownPrices,
  settings: VuSettings,
  overrideText: string | null,
): VuPricing {
  let whole: Pricing | null = null;
  return {
    usdOf: ({ usage, answeredModel }, model) => {
      const asked = ownValue(known, model);
      const answered = answeredModel === null ? null : ownValue(known, answeredModel);
      if (asked === undefined || answered === undefined) {
        whole ??= control().loadPricing(settings, overrideText);
        const cost = whole.costUsd({ usage, model, answeredModel });
        return cost.kind === 'priced' ? cost.costUsd : cost.kind;
      }
      if (usage.inputTokens === null || usage.outputTokens === null) return 'usage-missing';
      const priced = answered ?? asked;
      return priced === null ? 'unpriced' : (usdFor(usage, priced.price) ?? 'usage-missing');
    },
  };
}
