import { SharedArray } from 'k6/data';
import type { ProviderEntry } from '../../settings/provider-entries.ts';
import { settingText } from '../engine/setting-text.ts';
import { control } from '../parts.ts';
import type { ProviderFile } from '../provider-file.ts';

/**
 * Opens `LLM_PROVIDERS` and the price files that it names. Init only. Without it there are no entries, which setup
 * refuses: k6 can inspect and archive every bundle with nothing set.
 *
 * @throws ConfigError for a file that cannot be read, or holds a mistake.
 */
export function openProviders(): ProviderFile {
  const file = settingText('LLM_PROVIDERS');
  if (file === '') return { entries: [], pricesText: () => null };
  const texts = new SharedArray('providers', () => control().providerTexts(file));
  return {
    // As they were checked when the texts were made.
    entries: JSON.parse(texts[0] ?? '[]') as ProviderEntry[],
    pricesText: (index) => texts[index + 1] || null,
  };
}
