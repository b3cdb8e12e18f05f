import { readServerGauges } from '../metrics/server-gauges.ts';
import { readServerTimes } from '../metrics/server-times.ts';

/**
 * The header that the server's metrics page wants: `LLM_METRICS_KEY`, else the target's own key where the page is on
 * the target's own host and port. No key goes anywhere else.
 */
export function metricsHeaders(
  metricsUrl: string,
  { targetUrl, apiKey, metricsKey }: { targetUrl: string; apiKey: string | null; metricsKey: string },
): Record<string, string> {
  const isOwnHost = hostOf(metricsUrl) !== null && hostOf(metricsUrl) === hostOf(targetUrl);
  const key = metricsKey !== '' ? metricsKey : isOwnHost ? apiKey : null;
  return key === null ? {} : { authorization: `Bearer ${key}` };
}

function hostOf(url: string): string | null {
  return /^(https?:\/\/)(?:[^/?#]*@)?([^/?#]+)/i.exec(url)?.slice(1).join('').toLowerCase() ?? null;
}

/** Why a metrics page gives no gauges; null when it does. */
export function metricsDoubt(status: number, bodyText: string): string | null {
  const found = `LLM_METRICS_URL answered HTTP ${status}`;
  if (status === 0) return 'nothing answers at LLM_METRICS_URL';
  if (status === 401 || status === 403) return `${found}: it wants a key; set LLM_METRICS_KEY`;
  if (status !== 200) return `${found}: it is no metrics page, or the server was started without one`;
  const isKnown = readServerGauges(bodyText).size > 0 || readServerTimes(bodyText).size > 0;
  return isKnown ? null : 'LLM_METRICS_URL holds no gauge that is known here';
}
