import { readFileSync } from 'node:fs';
import builtInPrices from '../../../data/prices.json';
import { parsePriceText, readPriceFile } from '../../lib/money/price-file.ts';
import { createPricing, type Pricing } from '../../lib/money/pricing.ts';
import { ConfigError } from '../../lib/parse/config-error.ts';
import type { Settings } from '../../lib/settings/settings.ts';

/**
 * The built-in prices, and the user's own (`LLM_PRICES`) before them, as a run with these settings has them.
 *
 * @throws ConfigError for a file that cannot be used.
 */
export function settingsPricing({
  provider,
  pricesFile,
  endpoints,
}: Pick<Settings, 'provider' | 'pricesFile' | 'endpoints'>): Pricing {
  const { hostname } = new URL(endpoints.displayUrl);
  return pricingFor({ provider: provider.name, host: hostname, pricesFile });
}

/** The same by names, for a run of which only these are known. */
export function pricingFor({
  provider,
  host,
  pricesFile,
}: {
  provider: string;
  host: string | null;
  pricesFile: string | null;
}): Pricing {
  return createPricing({
    builtIn: readPriceFile(builtInPrices, 'data/prices.json'),
    override: pricesFile === null ? null : parsePriceText(readPrices(pricesFile), `LLM_PRICES ${pricesFile}`),
    provider,
    host,
  });
}

function readPrices(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    throw new ConfigError({
      setting: 'LLM_PRICES',
      got: file,
      expected: 'a file that can be read',
      example: 'LLM_PRICES=prices.json',
    });
  }
}
