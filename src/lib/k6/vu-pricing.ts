import { chargeFor } from '../price.ts';
import type { PricedModel, Pricing } from '../pricing.ts';
import type { VuSettings } from '../config/settings.ts';
import { control } from './lazy.ts';

/** Prices that the run will most likely need, by the names asked for and answered with; null: it has none. */
export type KnownPrices = Readonly<Record<string, PricedModel | null>>;

/**
 * Prices for a VU: the few that setup looked up, and the whole table only when an answer names another model. So
 * most VUs never build the table.
 */
export function pricingFrom(
  known: KnownPrices,
  settings: VuSettings,
  overrideText: string | null,
): Pick<Pricing, 'costUsd'> {
  let whole: Pricing | null = null;
  return {
    costUsd: (request) => {
      const { usage, model, answeredModel } = request;
      const asked = known[model];
      const answered = answeredModel === null ? null : known[answeredModel];
      if (asked === undefined || answered === undefined) {
        whole ??= control().loadPricing(settings, overrideText);
        return whole.costUsd(request);
      }
      if (usage.inputTokens === null || usage.outputTokens === null) return { kind: 'usage-missing' };
      const priced = answered ?? asked;
      if (priced === null) return { kind: 'unpriced' };
      const charge = chargeFor(usage, priced.price);
      if (charge === null) return { kind: 'usage-missing' };
      const { costUsd, upperBound } = charge;
      return { kind: 'priced', costUsd, upperBound, model: priced.name };
    },
  };
}
