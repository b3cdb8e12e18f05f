import { timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** A request as far as it says where it comes from. */
export type Visit = { method: string; url: string; headers: IncomingHttpHeaders };

/** Why it is not served, with its HTTP status; else the name of what is asked for. */
export type Admission = { refused: { status: 403 | 404 | 405; why: string } } | { wanted: string };

/** What is served, by name, and how it is asked for. */
const ROUTES = new Map([
  ['', 'GET'],
  ['events', 'GET'],
  ['report', 'GET'],
  ['stop', 'POST'],
]);

/**
 * Lets in who knows the address that the launcher printed, and no page of another site: such a page can send requests
 * to any loopback port, and can let a name of its own point here (DNS rebinding), but it knows no token, and its browser
 * says where it comes from.
 *
 * @param port that the server listens on.
 */
export function admit(
  { method, url, headers }: Visit,
  { port, token }: { port: number; token: string },
): Admission {
  const own = [`127.0.0.1:${port}`, `localhost:${port}`];
  if (!own.includes((headers.host ?? '').toLowerCase())) return refuse(403, 'it names another Host');
  const origin = headers.origin;
  if (origin !== undefined && !own.some((host) => origin === `http://${host}`))
    return refuse(403, 'it comes from another site');
  const site = headers['sec-fetch-site'];
  // `none`: a person typed the address, or clicked it outside of a page.
  if (site !== undefined && site !== 'same-origin' && site !== 'none')
    return refuse(403, 'it comes from another site');
  const [, given = '', wanted = '', ...more] = (url.split('?')[0] ?? '').split('/');
  if (!isSame(given, token)) return refuse(403, 'the address lacks its token: open it as k6-llm printed it');
  const route = more.length > 0 ? undefined : ROUTES.get(wanted);
  if (route === undefined) return refuse(404, 'there is no such page');
  return route === method ? { wanted } : refuse(405, `it is asked for by ${route}`);
}

function refuse(status: 403 | 404 | 405, why: string): Admission {
  return { refused: { status, why } };
}

function isSame(given: string, token: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(token)];
  return one.length === other.length && timingSafeEqual(one, other);
}
