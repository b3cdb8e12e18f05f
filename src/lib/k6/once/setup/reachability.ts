import http from 'k6/http';
import type { Settings } from '../../../settings/settings.ts';
import { authHeaders } from '../../../request/auth-headers.ts';
import { CannotStart } from './cannot-start.ts';

const TIMEOUT_MS = 15_000;

/**
 * Asks `GET models` once. Only no answer, 401 and 403 stop the run: many servers have no such page.
 *
 * @throws CannotStart that says how to start the mock or name a target, or which variable holds the key.
 */
export function askModels(settings: Settings, apiKey: string | null): void {
  const { provider, endpoints, extraHeaders, meterUrl, transport } = settings;
  const throughMeter = transport === 'meter' && meterUrl !== null;
  const response = http.get(throughMeter ? `${meterUrl}/v1/models` : endpoints.modelsUrl, {
    headers: { ...provider.headers, ...(throughMeter ? {} : authHeaders(provider, apiKey)), ...extraHeaders },
    timeout: TIMEOUT_MS,
    tags: { name: 'preflight' },
    responseType: 'none',
  });
  const { status } = response;
  if (status === 401 || status === 403) {
    const variables = ['LLM_API_KEY', provider.keyVariable].filter((name) => name !== null).join(' or ');
    throw new CannotStart(`${endpoints.displayUrl} refused the key (HTTP ${status}); set ${variables}`);
  }
  if (status !== 0 && !(throughMeter && (status === 502 || status === 504))) return;
  throw new CannotStart(
    provider.name === 'mock'
      ? `nothing answers at ${endpoints.displayUrl}, the mock's address; start it with "npx k6-llm mock", or name a target: LLM_BASE_URL=http://127.0.0.1:8000/v1`
      : `nothing answers at ${endpoints.displayUrl} (${response.error || `HTTP ${status}`}); is LLM_BASE_URL right, and the server up?`,
  );
}
