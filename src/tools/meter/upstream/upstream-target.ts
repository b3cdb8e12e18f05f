import { KINDS } from '../../../lib/kinds/kinds.ts';
import { joinBaseUrl } from '../../../lib/settings/base-url.ts';
import { callUrl } from '../../../lib/request/call-url.ts';
import { type Provider, PROVIDERS } from '../../../lib/request/providers.ts';

/** The one server that a meter sends to. */
export type UpstreamTarget = {
  host: string;
  port: number;
  tls: boolean;
  /** The Host header. */
  authority: string;
  /** Of requests of each kind, by its name. */
  callPaths: ReadonlyMap<string, string>;
  modelsPath: string;
  /** User and password out of the URL as an Authorization header; null: it had none. */
  basicAuth: string | null;
  /** For people: no user part, no query. */
  displayUrl: string;
  /** Certificates trusted beside the system's own, PEM; null: none. */
  ca: string | null;
};

/**
 * Where the calls under a base URL go.
 *
 * @throws ConfigError when it is no http(s) URL.
 */
export function readTarget(
  baseUrl: string,
  { setting, ca = null, provider }: { setting: string; ca?: string | null; provider?: Provider },
): UpstreamTarget {
  const roots = { setting, provider: provider ?? PROVIDERS.custom };
  const endpoints = joinBaseUrl(baseUrl, roots);
  const url = new URL(callUrl(endpoints, 'models'));
  const tls = url.protocol === 'https:';
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? (tls ? 443 : 80) : Number(url.port),
    tls,
    authority: url.host,
    callPaths: new Map(KINDS.map(({ name, path }) => [name, pathOf(callUrl(endpoints, path))])),
    modelsPath: pathOf(callUrl(endpoints, 'models')),
    basicAuth: basicAuthOf(url),
    displayUrl: endpoints.displayUrl,
    ca,
  };
}

function pathOf(address: string): string {
  const { pathname, search } = new URL(address);
  return pathname + search;
}

function basicAuthOf({ username, password }: URL): string | null {
  if (username === '' && password === '') return null;
  const plain = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return `Basic ${Buffer.from(plain, 'utf8').toString('base64')}`;
}
