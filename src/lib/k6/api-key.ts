import secrets from 'k6/secrets';
import { readApiKey, type Settings } from '../config/settings.ts';
import { normaliseApiKey } from '../config/api-key.ts';
import type { KeySource } from './setup-data.ts';

const NAME = 'LLM_API_KEY';

/**
 * Finds the key: in the environment, else in k6's secrets under `LLM_API_KEY` or the preset's own name
 * (`--secret-source`). Through the meter none is needed: it holds its own.
 */
export async function findApiKey(settings: Settings): Promise<{ source: KeySource; key: string | null }> {
  const fromEnvironment = readApiKey(__ENV, settings.provider);
  if (fromEnvironment !== null) return { source: 'environment', key: fromEnvironment };
  const key = await readSecret(settings);
  return key === null ? { source: 'none', key: null } : { source: 'secrets', key };
}

async function readSecret({ provider }: Settings): Promise<string | null> {
  for (const name of [NAME, provider.keyVariable]) {
    if (name === null) continue;
    try {
      const key = normaliseApiKey(await secrets.get(name), name);
      if (key !== null) return key;
    } catch {
      // No secret source, or none by this name: k6 throws for both.
    }
  }
  return null;
}
