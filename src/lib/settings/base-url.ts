import { ConfigError } from '../parse/config-error.ts';
import type { CallRoot } from '../request/call-url.ts';
import { KINDS } from '../kinds/kinds.ts';
import { type Provider, PROVIDERS } from '../request/providers.ts';

/** The request URLs under one base, joined once. */
export type Endpoints = CallRoot & {
  /** For people: no user part, no query. */
  displayUrl: string;
  /** The one deployment that the address leads to, whatever model a request names; null: it leads to all. */
  deployment: string | null;
};

type Roots = Pick<Provider, 'rootPath' | 'deploymentQuery' | 'exampleUrl'>;

type UrlParts = { scheme: string; authority: string; segments: string[]; query: string };

const URL_PATTERN = /^(https?):\/\/([^/?#\s]+)([^?#\s]*)(\?[^#\s]*)?$/i;
const AUTHORITY_PATTERN = /^([^@]*@)?(\[[0-9a-f:.]+\]|[a-z0-9_]([a-z0-9._-]*[a-z0-9_])?\.?)(:\d{1,5})?$/i;
const VERSION_SEGMENT = /^v\d+(beta\d*)?$/i;
/** What people paste behind the base: the path of one call, the longest first. */
const CALL_PATHS = [...KINDS.map(({ path }) => path), 'models']
  .map((path) => path.split('/'))
  .sort((a, b) => b.length - a.length);

/**
 * Joins a base URL to the paths of the calls, with one version segment and no empty ones.
 *
 * `/v1` is added unless a whole segment is a version already (`v4`, `v1beta`) or the address is an Azure
 * deployment (`/deployments/NAME`, `?api-version=`). A full call path is taken as its base.
 *
 * @param provider what the preset adds instead of `v1`, and to an address of one deployment; by default, nothing.
 * @throws ConfigError when it is empty, has no scheme, or is no URL.
 */
export function joinBaseUrl(
  baseUrl: string,
  { setting, provider = PROVIDERS.custom }: { setting: string; provider?: Roots },
): Endpoints {
  const parts = parseUrl(baseUrl, { setting, exampleUrl: provider.exampleUrl });
  const isCall = CALL_PATHS.find((path) => endsWith(parts.segments, path));
  const base = isCall === undefined ? parts.segments : parts.segments.slice(0, -isCall.length);
  const versioned = base.some((segment) => VERSION_SEGMENT.test(segment)) || isAzure(parts);
  const root = versioned || isCall !== undefined ? base : withRoot(base, provider.rootPath);
  const deployment = deploymentOf(root);
  const wanted = deployment === null ? null : provider.deploymentQuery;
  const query = parts.query === '' && wanted !== null ? `?${wanted}` : parts.query;
  const prefix = `${parts.scheme}://${parts.authority}`;
  const host = parts.authority.slice(parts.authority.lastIndexOf('@') + 1);
  return {
    root: [prefix, ...root, ''].join('/'),
    query,
    displayUrl: [`${parts.scheme}://${host}`, ...root].join('/'),
    deployment,
  };
}

/** `https://x.test/openai` and the root `openai/v1` are one address. */
function withRoot(base: readonly string[], rootPath: string): string[] {
  const added = rootPath.split('/');
  const there = added.length > 1 && base[base.length - 1] === added[0] ? 1 : 0;
  return [...base, ...added.slice(there)];
}

/** The name behind `/deployments/`. */
function deploymentOf(segments: readonly string[]): string | null {
  const at = segments.indexOf('deployments');
  return at === -1 ? null : (segments[at + 1] ?? null);
}

/** A plain http(s) URL without query, for the meter and the metrics page. Same errors as `joinBaseUrl`. */
export function parsePlainUrl(url: string, setting: string): string {
  const exampleUrl = PROVIDERS.custom.exampleUrl;
  const { scheme, authority, segments, query } = parseUrl(url, { setting, exampleUrl });
  return `${scheme}://${[authority, ...segments].join('/')}${query}`;
}

/** Several of them, with commas; none for an empty text. */
export function parsePlainUrls(urls: string, setting: string): string[] {
  const given = urls.split(',').filter((url) => url.trim() !== '');
  return given.map((url) => parsePlainUrl(url, setting));
}

function parseUrl(raw: string, { setting, exampleUrl }: { setting: string; exampleUrl: string }): UrlParts {
  const trimmed = raw.trim();
  const example = `${setting}=${exampleUrl}`;
  const fail = (expected: string): ConfigError =>
    new ConfigError({ setting, got: withoutCredentials(trimmed), expected, example });
  if (trimmed === '') throw fail('a base URL');
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(trimmed)) throw fail('a URL that starts with http:// or https://');
  const match = URL_PATTERN.exec(trimmed);
  if (match === null || /%(?![0-9a-f]{2})/i.test(trimmed)) throw fail('a valid http or https URL');
  const [, scheme = '', authority = '', path = '', query = ''] = match;
  const port = Number(/:(\d+)$/.exec(authority)?.[1] ?? 80);
  if (!AUTHORITY_PATTERN.test(authority) || port < 1 || port > 65_535) throw fail('a valid host and port');
  return {
    scheme: scheme.toLowerCase(),
    authority,
    segments: path.split('/').filter((segment) => segment !== ''),
    query,
  };
}

function isAzure({ segments, query }: UrlParts): boolean {
  return segments.includes('deployments') || /[?&]api-version=/i.test(query);
}

function endsWith(segments: readonly string[], tail: readonly string[]): boolean {
  const offset = segments.length - tail.length;
  // An Azure deployment may have the name of a call.
  if (segments[offset - 1] === 'deployments') return false;
  return offset >= 0 && tail.every((segment, index) => segments[offset + index] === segment);
}

/** A URL that may be printed: whatever stands before `@`, and the query, are gone. */
function withoutCredentials(url: string): string {
  return url.replace(/\/\/[^/?#]*@/, '//').replace(/\?.*$/s, '');
}
