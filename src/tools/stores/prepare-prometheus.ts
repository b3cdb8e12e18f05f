import { METRIC_NAMES, METRIC_SPECS, type MetricName } from '../../lib/metrics/metric-list.ts';
import { isRecord, parseJson } from '../../lib/parse/json.ts';
import { fetchDirect } from '../http1/fetch-direct.ts';
import { fetchReason } from './fetch-reason.ts';
import {
  authorizationOf,
  parsePrometheusUrl,
  prometheusOutput,
  type PrometheusTarget,
} from './prometheus-target.ts';
import { addCounts, EXIT_OUTPUT_LOST, type K6Values, type Store, type StoreContext } from './store.ts';

const TIMEOUT_MS = 10_000;
/** A server shows what it took after a moment (VictoriaMetrics: about a second). */
const TRIES = 10;
const PAUSE_MS = 1000;
/** Sums of dollars are added up in another order there. */
const EQUAL_RATIO = 1e-9;

/** A write request without any series, as snappy packs nothing: whoever takes remote writes takes it. */
const EMPTY_WRITE = new Uint8Array([0]);

/**
 * Makes ready to send samples by Prometheus remote write.
 *
 * @returns null after saying why the server cannot be used.
 * @throws ConfigError for a URL that is none.
 */
export async function preparePrometheus(
  url: string,
  { testid, say, env }: StoreContext & { env: NodeJS.ProcessEnv },
): Promise<Store | null> {
  const target = parsePrometheusUrl(url);
  const headers = authorizationOf(target, env);
  const problem = await problemWith(target, headers);
  if (problem !== null) {
    say(`k6-llm run: Prometheus at ${target.writeUrl} cannot be used: ${problem}. Nothing was sent`);
    return null;
  }
  return {
    ...prometheusOutput(target),
    finish: async (k6ExitCode, parts) => {
      if (parts.length === 0) return k6ExitCode;
      const report = await check(target, { testid, headers, values: addCounts(parts) });
      for (const line of describe(report, target)) say(line);
      return k6ExitCode === 0 && report.kind === 'lost' ? EXIT_OUTPUT_LOST : k6ExitCode;
    },
  };
}

type Headers = Readonly<Record<string, string>>;

/** null when it takes remote writes. */
async function problemWith({ writeUrl }: PrometheusTarget, headers: Headers): Promise<string | null> {
  try {
    const response = await fetchDirect(writeUrl, {
      setting: '--prometheus',
      method: 'POST',
      headers: {
        ...headers,
        'content-type': 'application/x-protobuf',
        'content-encoding': 'snappy',
        'x-prometheus-remote-write-version': '0.1.0',
      },
      body: EMPTY_WRITE,
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const words = (await response.text()).trim().slice(0, 200);
    if (response.ok) return null;
    const hint = response.status === 404 ? '; Prometheus needs --web.enable-remote-write-receiver' : '';
    return `it answered HTTP ${response.status}${words === '' ? '' : ` (${words})`}${hint}`;
  } catch (error) {
    return fetchReason(error);
  }
}

/** One Counter's sum, as k6 and as the server have it. */
type Sum = { metric: MetricName; written: number; found: number };

type Report =
  | { kind: 'complete'; counters: number }
  | { kind: 'lost'; sums: readonly Sum[] }
  | { kind: 'unchecked'; reason: string };

type Written = { testid: string; headers: Headers; values: K6Values };

/** Counters only: the other metrics come there as statistics of what k6 had so far. */
async function check(target: PrometheusTarget, written: Written): Promise<Report> {
  const { queryUrl } = target;
  if (queryUrl === null) return { kind: 'unchecked', reason: 'its path does not tell where to ask' };
  const expected = METRIC_NAMES.flatMap((metric) => {
    const count = METRIC_SPECS[metric].type === 'counter' ? (written.values[metric]?.['count'] ?? 0) : 0;
    return count > 0 ? [{ metric, written: count }] : [];
  });
  try {
    for (let tries = 1; ; tries++) {
      const sums: Sum[] = [];
      for (const each of expected) {
        const found = await sumOf(queryUrl, `k6_${each.metric}_total{testid="${written.testid}"}`, written);
        sums.push({ ...each, found });
      }
      const lost = sums.filter((sum) => Math.abs(sum.found - sum.written) > EQUAL_RATIO * sum.written);
      if (lost.length === 0) return { kind: 'complete', counters: sums.length };
      if (tries === TRIES) return { kind: 'lost', sums: lost };
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  } catch (error) {
    return { kind: 'unchecked', reason: fetchReason(error) };
  }
}

/** 0 when it has no such series. Throws when it answers no query. */
async function sumOf(queryUrl: string, series: string, { headers }: Written): Promise<number> {
  // VictoriaMetrics leaves out what is younger than half a minute unless it is told otherwise.
  const query = new URLSearchParams({ query: `sum(${series})`, latency_offset: '1ms', nocache: '1' });
  const response = await fetchDirect(`${queryUrl}?${query}`, {
    setting: '--prometheus',
    headers,
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  const body = parseJson(await response.text());
  if (!response.ok || !isRecord(body) || !isRecord(body['data'])) {
    throw new Error(`${queryUrl} answered HTTP ${response.status}`);
  }
  const [first]: unknown[] = Array.isArray(body['data']['result']) ? body['data']['result'] : [];
  const value = isRecord(first) && Array.isArray(first['value']) ? Number(first['value'][1]) : 0;
  return Number.isFinite(value) ? value : 0;
}

function describe(report: Report, { writeUrl }: PrometheusTarget): string[] {
  switch (report.kind) {
    case 'complete':
      return [`Prometheus ${writeUrl} has the same sums as k6 for all ${report.counters} counters.`];
    case 'lost':
      return [
        `PROMETHEUS LOST SAMPLES: ${writeUrl} does not hold everything that k6 measured, so its dashboards are wrong.`,
        ...report.sums.map(({ metric, written, found }) => `  ${metric}: ${found} of ${written}`),
        '  The summary and summary.json are complete: they do not come from Prometheus.',
      ];
    case 'unchecked':
      return [
        `Prometheus ${writeUrl} was sent what k6 measured; its sums were not checked (${report.reason}), so nothing here says that all arrived.`,
      ];
  }
}
