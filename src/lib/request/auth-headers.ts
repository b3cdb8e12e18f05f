import type { Provider } from './providers.ts';

/** The request's authentication header, none without a key. */
export function authHeaders(provider: Provider, apiKey: string | null): Record<string, string> {
  if (apiKey === null) return {};
  return provider.authHeader === 'x-api-key'
    ? { 'x-api-key': apiKey }
    : { authorization: `Bearer ${apiKey}` };
}
