import type { Pricing } from '../../lib/money/pricing.ts';
import type { Summary } from '../../lib/summary/summary.ts';
import { pricingFor } from '../prices/settings-pricing.ts';

/** The prices of a run's provider, as the table has them now. */
export function runPricing(
  { provider, target }: Pick<Summary, 'provider' | 'target'>,
  pricesFile: string | null,
): Pricing {
  return pricingFor({ provider, host: /^https?:\/\/([^/:]+)/.exec(target)?.[1] ?? null, pricesFile });
}
