import secrets from 'k6/secrets';
import { normaliseApiKey, readApiKey } from '../../../settings/api-key.ts';
import type { Provider } from '../../../request/providers.ts';
import type { KeySource } from '../../vu/setup-data.ts';

/**
 * Finds the key: in the environment, else in k6's secrets (`--secret-source`) under `LLM_API_KEY` or the preset's
 * own name. Through the meter none is needed: it holds its own.
 */
export async function findApiKey(provider: Provider): Promise<{ source: KeySource; key: string | null }> {
  const fromEnvironment = readApiKey(__ENV, provider);
  if (fromEnvironment !== null) return { source: 'environment', key: fromEnvironment };
  const key = await readSecret(provider);
  return key === null ? { source: 'none', key: null } : { source: 'secrets', key };
}

export { readApiKey } from '../../../settings/api-key.ts';

/** The key from k6's secrets; null when there is none. */
export async function readSecret(provider: Provider): Promise<string | null> {
  for (const name of ['LLM_API_KEY', provider.keyVariable]) {
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
