import { authHeaders } from '../../lib/request/auth-headers.ts';
import { hideSecrets, secretPartsOf, secretsIn } from '../../lib/answer/failure/secrets.ts';
import { callUrl } from '../../lib/request/call-url.ts';
import type { Settings } from '../../lib/settings/settings.ts';

/** An address and headers as `fetch` takes them. */
export type TargetRequest = { url: string; headers: Record<string, string> };

/** A request to the target, with all that it wants to see of us. */
export function targetRequest(
  address: string,
  { provider, extraHeaders }: Settings,
  apiKey: string | null,
): TargetRequest {
  const { url, headers } = withoutUser(address);
  return {
    url,
    headers: { ...headers, ...provider.headers, ...authHeaders(provider, apiKey), ...extraHeaders },
  };
}

/** fetch takes no user and password in a URL, and would print them; k6 sends them as this header. */
export function withoutUser(address: string): TargetRequest {
  const url = new URL(address);
  if (url.username === '') return { url: address, headers: {} };
  const pair = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  url.username = '';
  url.password = '';
  return {
    url: url.href,
    headers: { authorization: `Basic ${Buffer.from(pair).toString('base64')}` },
  };
}

/** An address for people: no user part, no query. */
export function shownAddress(address: string): string {
  const url = new URL(address);
  return `${url.origin}${url.pathname}`;
}

/** What may not be shown of a server's words: servers repeat the key that they refuse. */
export function secretsOf({ extraHeaders, endpoints }: Settings, apiKey: string | null): string[] {
  return secretsIn([apiKey ?? '', ...Object.values(extraHeaders), ...secretPartsOf(callUrl(endpoints, ''))]);
}

/** A server's words, as far as they may be shown. */
export function hidden(text: string, settings: Settings, apiKey: string | null): string {
  return hideSecrets(text, secretsOf(settings, apiKey));
}

/** fetch hides why it failed in `cause`. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  return cause instanceof Error && cause.message !== '' ? cause.message : error.message;
}
