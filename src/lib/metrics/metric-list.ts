import type { SettingName } from '../settings/catalog.ts';

/**
 * Every metric of ours, once: the k6 side makes them, thresholds are checked against them, dashboards and
 * docs are written from them. Durations in ms, money in US dollars. Names are an interface (docs/metrics.md).
 */
export type MetricType = 'trend' | 'rate' | 'counter' | 'gauge';

export type MetricUnit = 'ms' | 'usd' | 'tokens' | 'tokens/s' | 'requests' | 'ratio' | 'count';

export type MetricSpec = {
  type: MetricType;
  unit: MetricUnit;
  /** Tags beyond the common ones (model, provider, stream, test_type, phase). */
  tags?: readonly string[];
  /** Only a transport that sees events arrive (`sse`, `meter`) feeds it. */
  needsEventTimes?: true;
  /** Nothing feeds it unless one of these settings is given. A VU makes no object for what it cannot feed. */
  onlyWith?: readonly SettingName[];
};

/** A stream's times are seen by these transports; the other one is k6's own. */
const EVENT_TIMES = { needsEventTimes: true, onlyWith: ['LLM_METER_URL', 'LLM_TRANSPORT'] } as const;

export const METRICS = {
  ai_latency_ms: {
    type: 'trend',
    unit: 'ms',
  },
  ai_ttft_ms: {
    type: 'trend',
    unit: 'ms',
    ...EVENT_TIMES,
  },
  ai_ttfo_ms: {
    type: 'trend',
    unit: 'ms',
    ...EVENT_TIMES,
  },
  ai_ttfb_ms: { type: 'trend', unit: 'ms' },
  ai_tpot_ms: {
    type: 'trend',
    unit: 'ms',
    ...EVENT_TIMES,
  },
  ai_stall_ms: {
    type: 'trend',
    unit: 'ms',
    ...EVENT_TIMES,
  },
  ai_icl_ms: {
    type: 'trend',
    unit: 'ms',
    needsEventTimes: true,
    onlyWith: ['LLM_ICL'],
  },
  token_throughput_per_sec: {
    type: 'trend',
    unit: 'tokens/s',
  },
  ai_input_tokens_per_sec: { type: 'trend', unit: 'tokens/s' },
  ai_intended_latency_ms: {
    type: 'trend',
    unit: 'ms',
    onlyWith: ['LLM_ARRIVALS'],
  },
  ai_schedule_lag_ms: {
    type: 'trend',
    unit: 'ms',
    onlyWith: ['LLM_ARRIVALS'],
  },
  ai_meter_overhead_ms: {
    type: 'trend',
    unit: 'ms',
    onlyWith: ['LLM_METER_URL'],
  },
  ai_connect_ms: {
    type: 'trend',
    unit: 'ms',
    onlyWith: ['LLM_METER_URL'],
  },
  error_rate: { type: 'rate', unit: 'ratio' },
  ai_goodput: {
    type: 'rate',
    unit: 'ratio',
  },
  ai_cost_dollars: { type: 'counter', unit: 'usd' },
  ai_reported_cost_dollars: {
    type: 'counter',
    unit: 'usd',
  },
  ai_reported_ms: { type: 'trend', unit: 'ms', tags: ['part'] },
  // A scenario with a function of its own makes it.
  ai_step_ms: { type: 'trend', unit: 'ms', tags: ['name'], onlyWith: [] },
  ai_inputs: { type: 'counter', unit: 'count' },
  ai_input_tokens: { type: 'counter', unit: 'tokens' },
  ai_cached_tokens: { type: 'counter', unit: 'tokens' },
  ai_output_tokens: { type: 'counter', unit: 'tokens' },
  ai_reasoning_tokens: { type: 'counter', unit: 'tokens' },
  ai_requests_started: { type: 'counter', unit: 'requests' },
  ai_requests_finished: { type: 'counter', unit: 'requests' },
  ai_requests_succeeded: { type: 'counter', unit: 'requests' },
  ai_errors: {
    type: 'counter',
    unit: 'requests',
    tags: ['kind', 'request_kind'],
  },
  ai_aborted: { type: 'counter', unit: 'requests', onlyWith: ['LLM_ABORT'] },
  ai_retries: {
    type: 'counter',
    unit: 'requests',
    onlyWith: ['LLM_RETRIES'],
  },
  ai_rate_limited: { type: 'counter', unit: 'requests' },
  ai_retry_after_ms: { type: 'trend', unit: 'ms' },
  ai_throttled_ms: {
    type: 'counter',
    unit: 'ms',
    onlyWith: ['LLM_RETRIES'],
  },
  ai_usage_missing: { type: 'counter', unit: 'requests' },
  ai_unpriced: { type: 'counter', unit: 'requests' },
  ai_unknown_finish: { type: 'counter', unit: 'requests' },
  ai_invalid_output: { type: 'counter', unit: 'requests' },
  ai_warnings: { type: 'counter', unit: 'requests', tags: ['kind'] },
  ai_samples_rejected: {
    type: 'counter',
    unit: 'count',
  },
  ai_ratelimit_remaining: {
    type: 'gauge',
    unit: 'count',
    tags: ['limit'],
  },
  ai_sessions: { type: 'counter', unit: 'count', tags: ['end'], onlyWith: ['LLM_DATASET', 'LLM_ARRIVALS'] },
  ai_session_ms: { type: 'trend', unit: 'ms', onlyWith: ['LLM_DATASET', 'LLM_ARRIVALS'] },
  ai_delivered_ratio: { type: 'gauge', unit: 'ratio' },
  ai_server_scraped: { type: 'rate', unit: 'ratio', onlyWith: ['LLM_METRICS_URL'] },
  ai_server_requests_running: {
    type: 'gauge',
    unit: 'count',
    onlyWith: ['LLM_METRICS_URL'],
  },
  ai_server_requests_waiting: {
    type: 'gauge',
    unit: 'count',
    onlyWith: ['LLM_METRICS_URL'],
  },
  ai_server_ttft_ms: { type: 'gauge', unit: 'ms', tags: ['stat'], onlyWith: ['LLM_METRICS_URL'] },
  ai_server_queue_ms: { type: 'gauge', unit: 'ms', tags: ['stat'], onlyWith: ['LLM_METRICS_URL'] },
  ai_server_kv_cache_ratio: {
    type: 'gauge',
    unit: 'ratio',
    onlyWith: ['LLM_METRICS_URL'],
  },
} as const satisfies Record<string, MetricSpec>;

export type MetricName = keyof typeof METRICS;

/** Every name, with its spec widened so that optional fields can be asked for. */
export const METRIC_SPECS: Readonly<Record<MetricName, MetricSpec>> = METRICS;

export const METRIC_NAMES = Object.keys(METRICS) as readonly MetricName[];

/**
 * The tag of the kind of request, `embeddings`, on the samples of a metric. On those whose own tag `kind` says what went
 * wrong it has another name.
 */
export function kindTagOf(metric: string): 'kind' | 'request_kind' {
  const { tags = [] }: MetricSpec = Object.hasOwn(METRICS, metric) ? METRICS[metric as MetricName] : NO_SPEC;
  return tags.includes('kind') ? 'request_kind' : 'kind';
}

const NO_SPEC: MetricSpec = { type: 'counter', unit: 'count' };

/** Tags of a closed set that any of our samples may carry. */
export const COMMON_TAGS = ['model', 'provider', 'stream', 'test_type', 'phase'] as const;

/** k6's own metrics that thresholds and dashboards may name. */
export const K6_METRICS: Readonly<Record<string, MetricType>> = {
  http_req_duration: 'trend',
  http_req_waiting: 'trend',
  http_req_blocked: 'trend',
  http_req_connecting: 'trend',
  http_req_tls_handshaking: 'trend',
  http_req_sending: 'trend',
  http_req_receiving: 'trend',
  iteration_duration: 'trend',
  group_duration: 'trend',
  http_req_failed: 'rate',
  checks: 'rate',
  http_reqs: 'counter',
  iterations: 'counter',
  dropped_iterations: 'counter',
  data_sent: 'counter',
  data_received: 'counter',
  vus: 'gauge',
  vus_max: 'gauge',
};

/**
 * The Counter that `LLM_BUDGET_USD` is held against: the load's dollars and the preflight's, which is in no `ai_`
 * metric.
 */
export const SPENT_METRIC = 'budget_spent_dollars';

/** The Counter of VUs that ended the run, tagged `reason`: what a VU knows reaches the summary in no other way. */
export const STOPS_METRIC = 'run_stops';

/** Why a VU ends the run: no later request would fare better; or setup, whose own words reach no summary of k6's. */
export const STOP_REASONS = ['budget', 'auth', 'quota', 'meter', 'setup'] as const;

export type StopReason = (typeof STOP_REASONS)[number];
