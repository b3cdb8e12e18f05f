import { ConfigError } from '../../parse/config-error.ts';
import { parseProviderEntries, type ProviderEntry } from '../../settings/provider-entries.ts';
import { providerEnvironment, providerKey } from '../../settings/provider-environment.ts';
import { readSettings, type Settings } from '../../settings/settings.ts';
import { settingText } from '../engine/setting-text.ts';
import type { AskedProvider, ProviderFile } from '../provider-file.ts';
import { ownPrices } from '../vu/own-prices.ts';
import { loadPricing } from './load-pricing.ts';
import { readFile } from './read-file.ts';

/**
 * The entries of a file of providers as JSON, checked, then the price file of each, its own or `LLM_PRICES`; empty for
 * one without. Init only.
 *
 * @throws ConfigError for a file that cannot be read, or holds a mistake.
 */
export function providerTexts(file: string): string[] {
  const shared = settingText('LLM_PRICES');
  const entries = parseProviderEntries(readFile(file, 'LLM_PROVIDERS'), `LLM_PROVIDERS ${file}`);
  const prices = entries.map(({ name, prices: given }) => {
    if (given?.kind === 'file')
      return readFile(besideFile(file, given.path), `LLM_PROVIDERS prices of ${name}`);
    return given === null && shared !== '' ? readFile(shared, 'LLM_PRICES') : '';
  });
  return [JSON.stringify(entries), ...prices];
}

/** A path as seen from the folder of another file. */
function besideFile(file: string, path: string): string {
  if (/^([/\\]|[A-Za-z]:[/\\])/.test(path)) return path;
  return `${file.slice(0, Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1)}${path}`;
}

/** @throws ConfigError for a setting that does not go with one of them. */
export function listProviders({ entries, pricesText }: ProviderFile): AskedProvider[] {
  return entries.map((entry, index) => {
    const settings = providerSettings(entries, index);
    const pricing = loadPricing(
      { ...settings, pricesFile: `(prices of ${entry.name})` },
      ownPrices(entry, pricesText(index)),
    );
    return {
      name: entry.name,
      model: entry.model,
      // Prices are looked up under the preset's name.
      settings: { ...settings, provider: { ...settings.provider, name: entry.name } },
      pricing,
      keyVariable: entry.keyVariable,
      key: () => (settings.transport === 'meter' ? null : providerKey(__ENV, entry)),
    };
  });
}

/** The settings of one of them, as a run against it alone would have them. */
export function providerSettings(entries: readonly ProviderEntry[], index: number): Settings {
  const entry = entries[index];
  if (entry === undefined) throw new RangeError(`there is no provider ${index}`);
  const meters = settingText('LLM_PROVIDER_METERS')
    .split(',')
    .filter((url) => url.trim() !== '');
  if (meters.length > 0 && meters.length !== entries.length) {
    throw new ConfigError({
      setting: 'LLM_PROVIDER_METERS',
      got: `${meters.length} addresses`,
      expected: `one for each of ${entries.length} providers, in their order`,
      example: `LLM_PROVIDER_METERS=${entries.map((_, at) => `http://127.0.0.1:${8788 + at}`).join(',')}`,
    });
  }
  return readSettings(providerEnvironment(__ENV, entry, meters[index] ?? null));
}
