import { SharedArray } from 'k6/data';
import { ConfigError } from '../../parse/config-error.ts';
import { parseProviderEntries, type ProviderEntry } from '../../settings/provider-entries.ts';
import { providerEnvironment, providerKey } from '../../settings/provider-environment.ts';
import type { Settings } from '../../settings/settings.ts';
import { settingText } from '../engine/setting-text.ts';
import { control } from '../parts.ts';
import type { AskedProvider, ProviderFile } from '../provider-file.ts';

/**
 * Opens `LLM_PROVIDERS` and the price files that it names. Init only. Without it the list is empty, which setup refuses:
 * k6 can inspect and archive every bundle with nothing set.
 *
 * @throws ConfigError for a file that cannot be read, or holds a mistake.
 */
export function openProviders(): ProviderFile {
  const file = settingText('LLM_PROVIDERS');
  if (file === '') return { entries: () => [], pricesText: () => null, list: () => [] };
  const texts = new SharedArray('providers', () => readTexts(file));
  const entries = (): ProviderEntry[] => parseProviderEntries(texts[0] ?? '', `LLM_PROVIDERS ${file}`);
  const pricesText = (index: number): string | null => texts[index + 1] || null;
  return { entries, pricesText, list: () => listOf(entries(), pricesText) };
}

/** The file, then the price file of each provider, its own or `LLM_PRICES`; empty for one without. */
function readTexts(file: string): string[] {
  const { readFile } = control();
  const text = readFile(file, 'LLM_PROVIDERS');
  const shared = settingText('LLM_PRICES');
  const prices = parseProviderEntries(text, `LLM_PROVIDERS ${file}`).map(({ name, prices: given }) => {
    if (given?.kind === 'file')
      return readFile(besideFile(file, given.path), `LLM_PROVIDERS prices of ${name}`);
    return given === null && shared !== '' ? readFile(shared, 'LLM_PRICES') : '';
  });
  return [text, ...prices];
}

/** A path as seen from the folder of another file. */
export function besideFile(file: string, path: string): string {
  if (/^([/\\]|[A-Za-z]:[/\\])/.test(path)) return path;
  return `${file.slice(0, Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1)}${path}`;
}

function listOf(entries: readonly ProviderEntry[], pricesText: ProviderFile['pricesText']): AskedProvider[] {
  const meters = settingText('LLM_PROVIDER_METERS')
    .split(',')
    .filter((url) => url.trim() !== '');
  if (meters.length > 0 && meters.length !== entries.length) {
    throw new ConfigError({
      setting: 'LLM_PROVIDER_METERS',
      got: `${meters.length} addresses`,
      expected: `one for each of ${entries.length} providers, in their order`,
      example: `LLM_PROVIDER_METERS=${entries.map((_, index) => `http://127.0.0.1:${8788 + index}`).join(',')}`,
    });
  }
  return entries.map((entry, index) => {
    const settings = settingsOf(entry, meters[index] ?? null);
    const pricing = control().loadPricing(
      { ...settings, pricesFile: `(prices of ${entry.name})` },
      ownPrices(entry, pricesText(index)),
    );
    return {
      name: entry.name,
      model: entry.model,
      // Prices are looked up under the preset's name.
      settings: { ...settings, provider: { ...settings.provider, name: entry.name } },
      pricing,
      key: () => keyOf(entry, settings),
    };
  });
}

/** Its settings, as a run against it alone would have them. */
export function settingsOf(entry: ProviderEntry, meterUrl: string | null): Settings {
  return control().readSettings(providerEnvironment(__ENV, entry, meterUrl));
}

/** What wins over the built-in prices. */
export function ownPrices({ model, prices }: ProviderEntry, pricesText: string | null): string | null {
  return prices?.kind === 'rates' ? JSON.stringify({ models: { [model]: prices.rates } }) : pricesText;
}

/** @throws ConfigError where it wants one and none is set. */
export function keyOf(entry: ProviderEntry, { transport }: Pick<Settings, 'transport'>): string | null {
  return transport === 'meter' ? null : providerKey(__ENV, entry);
}
