import { joinBaseUrl } from '../../../lib/settings/base-url.ts';
import { chatPath } from '../../../lib/request/chat-path.ts';
import { type Provider, PROVIDERS, type Wire } from '../../../lib/request/providers.ts';

/** The one server that a meter sends to. */
export type UpstreamTarget = {
  host: string;
  port: number;
  tls: boolean;
  /** The Host header. */
  authority: string;
  chatPaths: Readonly<Record<Wire, string>>;
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
  const openai = joinBaseUrl(baseUrl, { ...roots, chatPath: chatPath('openai') });
  const anthropic = joinBaseUrl(baseUrl, { ...roots, chatPath: chatPath('anthropic') });
  const url = new URL(openai.chatUrl);
  const tls = url.protocol === 'https:';
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? (tls ? 443 : 80) : Number(url.port),
    tls,
    authority: url.host,
    chatPaths: { openai: pathOf(openai.chatUrl), anthropic: pathOf(anthropic.chatUrl) },
    modelsPath: pathOf(openai.modelsUrl),
    basicAuth: basicAuthOf(url),
    displayUrl: openai.displayUrl,
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
