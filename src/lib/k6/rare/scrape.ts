import exec from 'k6/execution';
import http, { type RefinedResponse } from 'k6/http';
import { sleep } from '../engine/k6-api.ts';
import { encodeGauge } from '../../samples/sample-header.ts';
import { readServerGauges } from '../../metrics/server-gauges.ts';
import type { ServerTime } from '../../metrics/gauge-sources.ts';
import { metricsDoubt } from '../../request/metrics-headers.ts';
import { SERVER_STATS, statsBetween } from '../../metrics/server-stats.ts';
import { readServerTimes, type ServerHistogram } from '../../metrics/server-times.ts';
import { submetric } from '../../metrics/submetrics.ts';
import { LOGS_SAMPLES } from '../engine/setting-text.ts';
import { addRate, addSample, addTagged } from '../engine/add-sample.ts';
import { answers, type MetricsPage } from '../parts.ts';

const PERIOD_SEC = 2;
const TIMEOUT_MS = 5000;

/** What was told of pages that were not read, each once. */
const told = new Set<string>();
/** Histograms at the first look, which the run's own are counted from, and at the last. */
const first = new Map<ServerTime, ServerHistogram>();
let last: ReadonlyMap<ServerTime, ServerHistogram> = new Map();

/**
 * One look at the metrics pages of all replicas. A round in which one of them does not answer is left out: a sum
 * without it would be another figure; why is told once.
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
    const doubt = doubtOf(response);
    if (doubt === null) pages.push(response.body ?? '');
    else tell(targets.length === 1 ? doubt : `${doubt} (${url})`);
  }
  const isRead = pages.length === targets.length;
  const atMs = exec.instance.currentTestRunDuration;
  addRate('ai_server_scraped', isRead);
  if (LOGS_SAMPLES) console.log(encodeGauge({ atMs, name: 'ai_server_scraped', value: isRead ? 1 : 0 }));
  if (isRead) recordPages(pages, atMs);
  sleep(PERIOD_SEC);
}

function recordPages(pages: readonly string[], atMs: number): void {
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

function doubtOf({ status, headers, body }: RefinedResponse<'text'>): string | null {
  const redirect = answers().describeRedirect(status, headers, 'LLM_METRICS_URL');
  if (redirect !== null) return `the metrics page was not read, status ${status}: ${redirect}`;
  const doubt = metricsDoubt(status, body ?? '');
  return doubt === null ? null : `the metrics page was not read: ${doubt}`;
}

function tell(doubt: string): void {
  if (told.has(doubt)) return;
  told.add(doubt);
  const second = Math.round(exec.instance.currentTestRunDuration / 1000);
  console.warn(`${doubt}; first at ${second} s, and the server's figures leave out such rounds`);
}
