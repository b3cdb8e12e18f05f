import { type Settings } from '../../lib/settings/settings.ts';
import { authHeaders } from '../../lib/request/auth-headers.ts';
import type { Finding } from './finding.ts';

const TIMEOUT_MS = 5000;

/** Asks the target for its list of models, as setup does. */
export async function checkTarget(settings: Settings, apiKey: string | null): Promise<Finding> {
  const { endpoints, provider, extraHeaders } = settings;
  const title = `target ${endpoints.displayUrl} (${provider.name})`;
  const { url, headers } = withoutUser(endpoints.modelsUrl);
  try {
    const response = await fetch(url, {
      headers: { ...headers, ...provider.headers, ...authHeaders(provider, apiKey), ...extraHeaders },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    await response.arrayBuffer();
    const refused = response.status === 401 || response.status === 403;
    return {
      title,
      ok: !refused,
      lines: [`GET models: HTTP ${response.status}${meaningOf(response.status)}`],
    };
  } catch (error) {
    const hint = provider.name === 'mock' ? ['start the mock with: npx k6-llm mock'] : [];
    return { title, ok: false, lines: [`nothing answers: ${reasonOf(error)}`, ...hint] };
  }
}

function meaningOf(status: number): string {
  if (status === 401 || status === 403) return ': the key is refused';
  if (status === 404) return ': it has no list of models, which is fine';
  return status < 300 ? '' : ': not what was hoped for, but no reason not to start';
}

/** fetch takes no user and password in a URL, and would print them; k6 sends them as this header. */
function withoutUser(address: string): { url: string; headers: Record<string, string> } {
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

/** fetch hides why it failed in `cause`. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  return cause instanceof Error && cause.message !== '' ? cause.message : error.message;
}
