import { readServerGauges } from '../../lib/metrics/server-gauges.ts';
import { readServerTimes } from '../../lib/metrics/server-times.ts';
import { metricsDoubt, metricsHeaders } from '../../lib/request/metrics-headers.ts';
import type { Settings } from '../../lib/settings/settings.ts';
import { fetchDirect, RedirectError } from '../http1/fetch-direct.ts';
import type { Finding } from './finding.ts';
import { reasonOf, shownAddress, withoutUser } from './target-request.ts';

const TIMEOUT_MS = 5000;

type Keys = { apiKey: string | null; metricsKey: string };

/** Tries the server's metrics pages as setup does, and names what is known on each; none without `LLM_METRICS_URL`. */
export function checkMetrics({ metricsUrls, endpoints }: Settings, keys: Keys): Promise<Finding[]> {
  return Promise.all(metricsUrls.map((url) => checkPage(url, endpoints.root, keys)));
}

async function checkPage(metricsUrl: string, targetUrl: string, keys: Keys): Promise<Finding> {
  const title = `metrics page ${shownAddress(metricsUrl)}`;
  const { url, headers } = withoutUser(metricsUrl);
  const own = metricsHeaders(metricsUrl, { targetUrl, ...keys });
  try {
    const response = await fetchDirect(url, {
      setting: 'LLM_METRICS_URL',
      headers: { ...headers, ...own },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const page = await response.text();
    const doubt = metricsDoubt(response.status, page);
    if (doubt !== null) return doubtful(title, doubt);
    const gauges = [...readServerGauges(page)].map(([gauge, value]) => `${gauge} ${value}`);
    const times = [...readServerTimes(page)].map(([time, { count }]) => `${time} of ${count} requests`);
    const found = [...gauges, ...times];
    return { title, ok: true, lines: [`HTTP ${response.status}: ${found.join(', ')}`] };
  } catch (error) {
    const why = error instanceof RedirectError ? error.message : `nothing answers: ${reasonOf(error)}`;
    return doubtful(title, why);
  }
}

/** A run goes on without it. */
function doubtful(title: string, line: string): Finding {
  return { title, ok: true, doubtful: true, lines: [line] };
}
