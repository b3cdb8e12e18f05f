import exec from 'k6/execution';
import http, { type Response } from 'k6/http';
import { sleep } from '../engine/k6-api.ts';
import { encodeGauge } from '../../samples/sample-header.ts';
import { readServerGauges } from '../../metrics/server-gauges.ts';
import type { ServerTime } from '../../metrics/gauge-sources.ts';
import { SERVER_STATS, statsBetween } from '../../metrics/server-stats.ts';
import { readServerTimes, type ServerHistogram } from '../../metrics/server-times.ts';
import { submetric } from '../../metrics/submetrics.ts';
import { LOGS_SAMPLES } from '../engine/setting-text.ts';
import { addSample, addTagged } from '../engine/add-sample.ts';
import { answers, type MetricsPage } from '../parts.ts';

const PERIOD_SEC = 2;
const TIMEOUT_MS = 5000;

let toldOfRedirect = false;
/** Histograms at the first look, which the run's own are counted from, and at the last. */
const first = new Map<ServerTime, ServerHistogram>();
let last: ReadonlyMap<ServerTime, ServerHistogram> = new Map();

/**
 * One look at the metrics pages of all replicas. A round in which one of them does not answer is left out: a sum
 * without it would be another figure.
 */
export function scrapeOnce(targets: readonly MetricsPage[]): void {
  const pages: string[] = [];
  for (const { url, headers } of targets) {
    const response = http.get(url, {
      headers: { ...headers },
      timeout: TIMEOUT_MS,
      tags: { name: 'scrape' },
      responseType: 'text',
      redirects: 0,
    });
    tellOfRedirect(response);
    if (response.status === 200) pages.push(response.body ?? '');
  }
  if (pages.length === targets.length) recordPages(pages);
  sleep(PERIOD_SEC);
}

function recordPages(pages: readonly string[]): void {
  const atMs = exec.instance.currentTestRunDuration;
  for (const [name, value] of readServerGauges(...pages)) {
    addSample(name, value);
    if (LOGS_SAMPLES) console.log(encodeGauge({ atMs, name, value }));
  }
  const times = readServerTimes(...pages);
  for (const [name, histogram] of times) {
    if (!first.has(name)) first.set(name, histogram);
    const stats = statsBetween({ first: first.get(name), last: last.get(name), now: histogram });
    for (const stat of SERVER_STATS) {
      const value = stats[stat];
      if (value === null) continue;
      addTagged(name, value, { stat });
      if (LOGS_SAMPLES) console.log(encodeGauge({ atMs, name: submetric(name, { stat }), value }));
    }
  }
  last = times;
}

function tellOfRedirect({ status, headers }: Response): void {
  if (toldOfRedirect || status < 300 || status > 399) return;
  toldOfRedirect = true;
  const redirect = answers().describeRedirect(status, headers, 'LLM_METRICS_URL');
  console.warn(`the metrics page was not read, status ${status}: ${redirect ?? ''}`);
}
