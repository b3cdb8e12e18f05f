import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parsePriceText } from '../../../lib/money/price-file.ts';
import { ConfigError } from '../../../lib/parse/config-error.ts';
import { parseProviderEntries, type ProviderEntry } from '../../../lib/settings/provider-entries.ts';
import { providerEnvironment, providerKey } from '../../../lib/settings/provider-environment.ts';
import { readSettings, type Settings } from '../../../lib/settings/settings.ts';

/** One provider of `LLM_PROVIDERS`, checked as the run will check it. */
export type ReadProvider = {
  entry: ProviderEntry;
  settings: Settings;
  /** An absolute path; null: none of its own. */
  pricesFile: string | null;
};

/**
 * Reads the file that `LLM_PROVIDERS` names, its price files, and looks whether each key is set.
 *
 * @param env with absolute paths.
 * @throws ConfigError that names the first mistake.
 */
export function readProviders(env: NodeJS.ProcessEnv): ReadProvider[] {
  const file = (env['LLM_PROVIDERS'] ?? '').trim();
  const place = `LLM_PROVIDERS ${file}`;
  const entries = parseProviderEntries(textOf(file, 'LLM_PROVIDERS'), place);
  return entries.map((entry) => {
    const own = providerEnvironment(env, entry, null);
    // Until the launcher has started the meters, there are no addresses to check.
    const settings = readSettings({ ...own, LLM_TRANSPORT: '', LLM_PROVIDER_METERS: '' });
    providerKey(env, entry);
    const pricesFile =
      entry.prices?.kind === 'file' ? path.resolve(path.dirname(file), entry.prices.path) : null;
    if (pricesFile !== null) {
      const at = `${place} prices of ${entry.name}`;
      parsePriceText(textOf(pricesFile, at), at);
    }
    return { entry, settings, pricesFile };
  });
}

function textOf(file: string, setting: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    throw new ConfigError({
      setting,
      got: file,
      expected: 'a file that can be read',
      example: 'k6-llm ab --providers providers.json',
    });
  }
}
