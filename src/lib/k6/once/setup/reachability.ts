import { findHeader } from '../../../answer/headers/find-header.ts';
import { parseHttpDateMs } from '../../../answer/headers/http-date.ts';
import { clockAheadOf } from '../../../summary/clock-ahead.ts';
import { kindOf } from '../../../kinds/kinds.ts';
import { callUrl } from '../../../request/call-url.ts';
import type { Settings } from '../../../settings/settings.ts';
import { authHeaders } from '../../../request/auth-headers.ts';
import http, { type Response } from 'k6/http';
import { answers } from '../../parts.ts';
import { CannotStart } from './cannot-start.ts';
import { settingText } from '../../engine/setting-text.ts';
import { metricsDoubt, metricsHeaders } from '../../../request/metrics-headers.ts';
import { readModelList } from '../../../request/model-list.ts';
import type { ModelsPage } from './preflight.ts';

const TIMEOUT_MS = 15_000;
const METRICS_TIMEOUT_MS = 5000;

/**
 * Asks `GET models` once. Many servers have no such page, and some guard it more than what matters: so no answer,
 * 401, 403 and a redirect are a doubt, which the first chat request settles.
 */
export function askModelList(settings: Settings, apiKey: string | null): ModelsPage {
  const { provider, endpoints, meterUrl, transport } = settings;
  const throughMeter = transport === 'meter' && meterUrl !== null;
  const headers = headersOf(settings, throughMeter ? null : apiKey);
  const askedAtMs = Date.now();
  const response = http.get(throughMeter ? `${meterUrl}/v1/models` : callUrl(endpoints, 'models'), {
    headers,
    redirects: 0,
    timeout: TIMEOUT_MS,
    tags: { name: 'preflight' },
    responseType: 'text',
  });
  const clockAhead = clockAheadOf(askedAtMs, Date.now(), dateOf(response));
  const { status, body, error } = response;
  if (status === 401 || status === 403) {
    const variables = ['LLM_API_KEY', provider.keyVariable].filter((name) => name !== null).join(' or ');
    const doubt = `${endpoints.displayUrl} refused the key (HTTP ${status}); set ${variables}`;
    return { listed: null, doubt, clockAhead };
  }
  const redirect = redirectOf(response, endpoints.displayUrl);
  if (redirect !== null) return { listed: null, doubt: redirect, clockAhead };
  if (status !== 0 && !(throughMeter && (status === 502 || status === 504))) {
    const isList = status >= 200 && status < 300;
    return { listed: isList ? readModelList(body ?? '') : null, doubt: null, clockAhead };
  }
  const doubt =
    provider.startCommand !== null
      ? `nothing answers at ${endpoints.displayUrl}, the ${provider.name}'s address; start it with "${provider.startCommand}", or name a target: LLM_BASE_URL=http://127.0.0.1:8000/v1`
      : `nothing answers at ${endpoints.displayUrl} (${error || `HTTP ${status}`}); is LLM_BASE_URL right, and the server up?`;
  return { listed: null, doubt, clockAhead };
}

/** By the target's clock, in whole seconds; the meter hands it on. */
function dateOf({ headers }: Response): number | null {
  const date = findHeader(headers, 'date');
  return date === null ? null : parseHttpDateMs(date, Date.now());
}

function headersOf({ provider, extraHeaders }: Settings, apiKey: string | null): Record<string, string> {
  return { ...provider.headers, ...authHeaders(provider, apiKey), ...extraHeaders };
}

/**
 * xk6-sse follows redirects, and cannot be told not to: so k6's own client looks first, with a request that asks for
 * nothing.
 *
 * @throws CannotStart where the target leads elsewhere.
 */
export function refuseRedirects(settings: Settings, apiKey: string | null): void {
  const { endpoints } = settings;
  const headers = headersOf(settings, apiKey);
  const response = http.post(callUrl(endpoints, kindOf(settings.kind).path), '{}', {
    headers: { 'content-type': 'application/json', ...headers },
    timeout: TIMEOUT_MS,
    tags: { name: 'preflight' },
    redirects: 0,
    responseType: 'none',
  });
  const redirect = redirectOf(response, endpoints.displayUrl);
  if (redirect !== null) throw new CannotStart(redirect);
}

function redirectOf({ status, headers }: Response, displayUrl: string): string | null {
  const redirect = answers().describeRedirect(status, headers);
  return redirect === null ? null : `${displayUrl} answered status ${status}: ${redirect}`;
}

/** What the server's metrics page lacks; null when it lacks nothing, or none is asked for. It stops no run. */
export function askMetrics({ metricsUrls, endpoints }: Settings, apiKey: string | null): string | null {
  for (const url of metricsUrls) {
    const doubt = askMetricsPage(url, endpoints.root, apiKey);
    if (doubt !== null) return metricsUrls.length === 1 ? doubt : `${url}: ${doubt}`;
  }
  return null;
}

function askMetricsPage(url: string, targetUrl: string, apiKey: string | null): string | null {
  const metricsKey = settingText('LLM_METRICS_KEY');
  const { status, body } = http.get(url, {
    headers: metricsHeaders(url, { targetUrl, apiKey, metricsKey }),
    timeout: METRICS_TIMEOUT_MS,
    tags: { name: 'preflight' },
    redirects: 0,
    responseType: 'text',
  });
  return metricsDoubt(status, body ?? '');
}
