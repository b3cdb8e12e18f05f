import builtIn from '../../../../data/prices.json';
import type { Settings } from '../../settings/settings.ts';
import { parsePriceText, readPriceFile } from '../../money/price-file.ts';
import { createPricing, type Pricing } from '../../money/pricing.ts';

type PriceSettings = Pick<Settings, 'pricesFile' | 'provider' | 'endpoints'>;

/**
 * The built-in prices, and the user's own before them.
 *
 * @param overrideText the content of `LLM_PRICES`; null without one.
 * @throws ConfigError for a file that cannot be used.
 */
export function loadPricing(
  { pricesFile, provider, endpoints }: PriceSettings,
  overrideText: string | null,
): Pricing {
  return createPricing({
    builtIn: readPriceFile(builtIn, 'data/prices.json'),
    override: overrideText === null ? null : parsePriceText(overrideText, `LLM_PRICES ${pricesFile ?? ''}`),
    provider: provider.name,
    host: hostOf(endpoints.displayUrl),
  });
}

function hostOf(url: string): string | null {
  return /^https?:\/\/([^/:]+)/.exec(url)?.[1] ?? null;
}
