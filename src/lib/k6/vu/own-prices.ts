import type { ProviderEntry } from '../../settings/provider-entries.ts';

/** The text of prices that win over the built-in ones for this provider; null: there are none. */
export function ownPrices({ model, prices }: ProviderEntry, pricesText: string | null): string | null {
  return prices?.kind === 'rates' ? JSON.stringify({ models: { [model]: prices.rates } }) : pricesText;
}
