import exec from 'k6/execution';
import http, { type Response } from 'k6/http';
import { sleep } from '../engine/k6-api.ts';
import { encodeGauge } from '../../samples/sample-header.ts';
import { readServerGauges } from '../../metrics/server-gauges.ts';
import { LOGS_SAMPLES } from '../engine/environment.ts';
import { addSample } from '../engine/metrics.ts';
import { answers } from '../parts.ts';

const PERIOD_SEC = 2;
const TIMEOUT_MS = 5000;

let toldOfRedirect = false;

/** One look at the server's Prometheus page; a page that does not answer is tried again next time. */
export function scrapeOnce(url: string, headers: Record<string, string>): void {
  const response = http.get(url, {
    headers,
    timeout: TIMEOUT_MS,
    tags: { name: 'scrape' },
    responseType: 'text',
    redirects: 0,
  });
  tellOfRedirect(response);
  const atMs = exec.instance.currentTestRunDuration;
  for (const [name, value] of readServerGauges(response.status === 200 ? response.body : '')) {
    addSample(name, value);
    if (LOGS_SAMPLES) console.log(encodeGauge({ atMs, name, value }));
  }
  sleep(PERIOD_SEC);
}

function tellOfRedirect({ status, headers }: Response): void {
  if (toldOfRedirect || status < 300 || status > 399) return;
  toldOfRedirect = true;
  const redirect = answers().describeRedirect(status, headers, 'LLM_METRICS_URL');
  console.warn(`the metrics page was not read, status ${status}: ${redirect ?? ''}`);
}
