import exec from 'k6/execution';
import http from 'k6/http';
import { sleep } from '../engine/k6-api.ts';
import { encodeGauge } from '../../samples/sample-header.ts';
import { readServerGauges } from '../../metrics/server-gauges.ts';
import { LOGS_SAMPLES } from '../engine/environment.ts';
import { addSample } from '../engine/metrics.ts';
import { describeRedirect } from '../../answer/failure/redirect.ts';

const PERIOD_SEC = 2;
const TIMEOUT_MS = 5000;

let toldOfRedirect = false;

/** One look at the server's Prometheus page; a page that does not answer is tried again next time. */
export function scrapeOnce(url: string): void {
  const response = http.get(url, {
    timeout: TIMEOUT_MS,
    tags: { name: 'scrape' },
    responseType: 'text',
    redirects: 0,
  });
  const redirect = describeRedirect(response.status, response.headers, 'LLM_METRICS_URL');
  if (redirect !== null && !toldOfRedirect) {
    toldOfRedirect = true;
    console.warn(`the metrics page was not read, status ${response.status}: ${redirect}`);
  }
  const atMs = exec.instance.currentTestRunDuration;
  for (const [name, value] of readServerGauges(response.status === 200 ? response.body : '')) {
    addSample(name, value);
    if (LOGS_SAMPLES) console.log(encodeGauge({ atMs, name, value }));
  }
  sleep(PERIOD_SEC);
}
