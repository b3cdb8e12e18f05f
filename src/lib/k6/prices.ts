import builtIn from '../../../data/prices.json';
import type { Settings } from '../config/settings.ts';
import { parsePriceText, readPriceFile } from '../price-file.ts';
import { createPricing, type Pricing } from '../pricing.ts';
import { readFile } from './files.ts';

/** The built-in prices, and the user's own before them. Init only. */
export function loadPricing(settings: Settings): Pricing {
  const { pricesFile, provider, endpoints } = settings;
  return createPricing({
    builtIn: readPriceFile(builtIn, 'data/prices.json'),
    override:
      pricesFile === null
        ? null
        : parsePriceText(readFile(pricesFile, 'LLM_PRICES'), `LLM_PRICES ${pricesFile}`),
    provider: provider.name,
    host: hostOf(endpoints.displayUrl),
  });
}

function hostOf(url: string): string | null {
  return /^https?:\/\/([^/:]+)/.exec(url)?.[1] ?? null;
}
