import { METRIC_NAMES, METRIC_SPECS } from '../../lib/metrics/metric-list.ts';
import { type BoardRow, graph, type GraphPanel } from './board.ts';
import { isServerGauge, type ServerGaugeMetric } from './query.ts';

function serverPanels(): GraphPanel[] {
  return METRIC_NAMES.filter(isServerGauge).map((metric) =>
    METRIC_SPECS[metric].tags === undefined ? gaugePanel(metric) : timesPanel(metric),
  );
}

function gaugePanel(metric: ServerGaugeMetric): GraphPanel {
  return graph({
    title: titleOf(metric),
    note: 'Scraped from LLM_METRICS_URL.',
    unit: METRIC_SPECS[metric].unit === 'ratio' ? 'percentunit' : 'short',
    queries: [{ take: 'level', metric, legend: titleOf(metric) }],
    width: 8,
  });
}

/** By `stat`: since the last look, and since the first. */
function timesPanel(metric: ServerGaugeMetric): GraphPanel {
  return graph({
    title: titleOf(metric),
    note: "From the histogram of LLM_METRICS_URL: p95 and mean since the last look, run_p95 and run_mean since the load's first.",
    unit: 'ms',
    queries: [{ take: 'level', metric, by: 'stat', legend: '' }],
    width: 8,
  });
}

/** `ai_server_kv_cache_ratio` → `Server: kv cache ratio`. */
function titleOf(metric: string): string {
  return metric.replace(/^ai_server_/, 'Server: ').replaceAll('_', ' ');
}

/** What the server tells of itself. */
export const SERVER: BoardRow = {
  title: 'Server',
  collapsed: false,
  panels: [
    graph({
      title: 'Left of the rate limits',
      note: 'By limit: requests, tokens.',
      unit: 'short',
      calcs: ['lastNotNull', 'max'],
      queries: [{ take: 'level', metric: 'ai_ratelimit_remaining', by: 'limit', legend: '' }],
      width: 8,
    }),
    graph({
      title: 'What answers say of the server, p95',
      note: 'By part: proxy, queue, prompt, first_token, decode, token. From LiteLLM, llama.cpp, vLLM, Groq, TGI.',
      unit: 'ms',
      queries: [{ take: 'percentile', metric: 'ai_reported_ms', percent: 95, by: 'part', legend: '' }],
      width: 16,
    }),
    ...serverPanels(),
  ],
};

/** What a reader must know before trusting the numbers above. */
export const TRUST: BoardRow = {
  title: 'Can the numbers be trusted?',
  collapsed: false,
  panels: [
    graph({
      title: 'Could not be counted',
      note: 'Answers without usage or price, and values kept out. All should be 0.',
      unit: 'suffix: /s',
      calcs: ['max'],
      queries: [
        { take: 'per-second', metric: 'ai_usage_missing', legend: 'no usage' },
        { take: 'per-second', metric: 'ai_unpriced', legend: 'no price' },
        { take: 'per-second', metric: 'ai_samples_rejected', legend: 'rejected values' },
        { take: 'per-second', metric: 'ai_unknown_finish', legend: 'unknown finish' },
        { take: 'per-second', metric: 'ai_invalid_output', legend: 'not the JSON asked for' },
      ],
      width: 8,
    }),
    graph({
      title: 'Looked wrong and was read',
      note: 'Answers by what was odd in them: held back, dropped text, another model. docs/streaming.md names each.',
      unit: 'suffix: /s',
      calcs: ['max'],
      queries: [{ take: 'per-second', metric: 'ai_warnings', by: 'kind', legend: '' }],
      width: 8,
    }),
    graph({
      title: 'Load delivered',
      note: 'Of what an open load meant to start, the share that was started. Below 95 % the run fails.',
      unit: 'percentunit',
      calcs: ['lastNotNull'],
      queries: [{ take: 'level', metric: 'ai_delivered_ratio', legend: 'started' }],
      width: 8,
    }),
    graph({
      title: "Looks at the server's metrics page",
      note: 'The share that was read (LLM_METRICS_URL); the server panels leave out the others.',
      unit: 'percentunit',
      queries: [{ take: 'share', metric: 'ai_server_scraped', legend: 'read' }],
      width: 8,
    }),
    graph({
      title: 'Hop through the stream meter',
      note: 'Outside every other metric.',
      unit: 'ms',
      queries: [
        { take: 'percentile', metric: 'ai_meter_overhead_ms', percent: 50, legend: 'p50' },
        { take: 'percentile', metric: 'ai_meter_overhead_ms', percent: 99, legend: 'p99' },
      ],
      width: 8,
    }),
    graph({
      title: 'Connection set-up',
      note: 'Only requests that had to open a connection; part of their time to first token.',
      unit: 'ms',
      queries: [
        { take: 'percentile', metric: 'ai_connect_ms', percent: 50, legend: 'p50' },
        { take: 'percentile', metric: 'ai_connect_ms', percent: 99, legend: 'p99' },
      ],
      width: 8,
    }),
  ],
};
