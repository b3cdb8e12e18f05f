import { findHeader, type Headers } from '../headers/find-header.ts';
import { plainName } from '../../text/plain-text.ts';

/** So much of an address is told. */
const MAX_CHARS = 200;

/** A status that sends the client elsewhere, or says that it would. */
export function isRedirect(status: number): boolean {
  return status >= 300 && status <= 399;
}

/**
 * What to say of a redirect. No request of any part follows one: the key, the prompts and the extra headers would go
 * to a server that nobody named, and what is measured would not be the target. null for any other status.
 *
 * @param setting what named the address.
 */
export function describeRedirect(status: number, headers: Headers, setting = 'LLM_BASE_URL'): string | null {
  if (!isRedirect(status)) return null;
  const location = findHeader(headers, 'location');
  if (location === null || location === '') return `a redirect that names no Location; set ${setting}`;
  return `redirects to ${displayLocation(location)}, and redirects are not followed; set ${setting}`;
}

/** Without user part, query and control characters: signed addresses hold secrets. */
function displayLocation(location: string): string {
  const bare = location.replace(/[?#].*$/s, '').replace(/^(\w+:)?\/\/[^/]*@/, '$1//');
  const shown = plainName(bare);
  return shown.length > MAX_CHARS ? `${shown.slice(0, MAX_CHARS - 1)}…` : shown;
}
