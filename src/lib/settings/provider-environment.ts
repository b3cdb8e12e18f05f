import { ConfigError } from '../parse/config-error.ts';
import { jsonObject } from '../parse/values.ts';
import { PROVIDERS } from '../request/providers.ts';
import { type Environment, readApiKey } from './api-key.ts';
import type { ProviderEntry } from './provider-entries.ts';

/**
 * The environment of a run against one provider of `LLM_PROVIDERS`: what all of them share, and its own target, model,
 * key, headers and fields. The key of one is in no other's.
 *
 * @param meterUrl the stream meter before it; null: none.
 * @throws ConfigError for headers that all would get: they may hold what is meant for one.
 */
export function providerEnvironment(
  env: Environment,
  { baseUrl, preset, keyVariable, model, headers, body }: ProviderEntry,
  meterUrl: string | null,
): Environment {
  if ((env['LLM_EXTRA_HEADERS'] ?? '').trim() !== '') {
    throw new ConfigError({
      setting: 'LLM_EXTRA_HEADERS',
      got: '(hidden)',
      expected: 'none with LLM_PROVIDERS, since every provider would get them',
      example: '{"name":"a", …, "headers":{"x-team":"search"}} in the file of providers',
    });
  }
  const shared = (env['LLM_EXTRA_BODY'] ?? '').trim();
  const fields = { ...(shared === '' ? {} : jsonObject(shared, 'LLM_EXTRA_BODY')), ...body };
  return {
    ...env,
    LLM_PROVIDER: preset ?? '',
    LLM_BASE_URL: baseUrl ?? '',
    LLM_API_KEY: keyVariable === null ? '' : (env[keyVariable] ?? ''),
    LLM_MIX: `${model}=1`,
    LLM_EXTRA_HEADERS: Object.keys(headers).length === 0 ? '' : JSON.stringify(headers),
    LLM_EXTRA_BODY: Object.keys(fields).length === 0 ? '' : JSON.stringify(fields),
    LLM_METER_URL: meterUrl ?? '',
  };
}

/**
 * Its key; null where it wants none.
 *
 * @throws ConfigError that names the variable where one is needed and not set.
 */
export function providerKey(env: Environment, { name, keyVariable, preset }: ProviderEntry): string | null {
  const { keyVariable: own, needsKey } = PROVIDERS[preset ?? 'custom'];
  const variable = keyVariable ?? own;
  if (variable === null) return null;
  const key = readApiKey({ [variable]: env[variable] }, { keyVariable: variable });
  if (key !== null || (keyVariable === null && !needsKey)) return key;
  throw new ConfigError({
    setting: variable,
    got: '',
    expected: `the key of provider ${name}`,
    example: `export ${variable}=sk-...`,
  });
}
