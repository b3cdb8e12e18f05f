import { type Header, headerValue } from '../../http1/message-head.ts';

const LOOPBACK_HOST = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d{1,5})?$/i;

/**
 * Why a request is not served, whatever its route: it comes from a web page, or under a name that is not this
 * machine's. The meter adds the key to what it carries, and a page in a browser can reach any loopback port: with an
 * `<img>`, a form, or a name of its own that it lets point here (DNS rebinding). null: it is served.
 */
export function refusalOf({ path, headers }: { path: string; headers: readonly Header[] }): string | null {
  const host = headerValue(headers, 'host');
  if (host !== null && !LOOPBACK_HOST.test(host)) {
    return 'the request names another Host; write the meter as 127.0.0.1 or localhost';
  }
  if (!path.startsWith('/')) return 'the meter is no proxy';
  if (headerValue(headers, 'origin') !== null) {
    return 'the meter does not serve web pages (the request has an Origin)';
  }
  const site = headerValue(headers, 'sec-fetch-site');
  // `none`: a person typed the address.
  if (site !== null && site !== 'none' && site !== 'same-origin') {
    return 'the meter does not serve web pages (the request comes from another site)';
  }
  return null;
}
