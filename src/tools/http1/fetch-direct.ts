import { describeRedirect } from '../../lib/answer/failure/redirect.ts';

/** The server sent the request elsewhere. The message names where, and what to set. */
export class RedirectError extends Error {
  override name = 'RedirectError';
}

/**
 * `fetch` that goes to the address it was given and nowhere else: a redirect would take keys and passwords along.
 *
 * @param setting what named the address, for the message.
 * @throws RedirectError for a status 3xx; whatever fetch throws.
 */
export async function fetchDirect(
  url: string,
  { setting, ...init }: Omit<RequestInit, 'redirect'> & { setting: string },
): Promise<Response> {
  // oxlint-disable-next-line no-restricted-globals
  const response = await fetch(url, { ...init, redirect: 'manual' });
  const redirect = describeRedirect(response.status, Object.fromEntries(response.headers), setting);
  if (redirect === null) return response;
  await response.body?.cancel();
  throw new RedirectError(`status ${response.status}: ${redirect}`);
}
