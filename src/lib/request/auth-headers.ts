import type { Provider } from './providers.ts';

/** The request's authentication header, none without a key. */
export function authHeaders(
  { authHeader }: Pick<Provider, 'authHeader'>,
  apiKey: string | null,
): Record<string, string> {
  if (apiKey === null) return {};
  return { [authHeader]: authHeader === 'authorization' ? `Bearer ${apiKey}` : apiKey };
}
