import { WARNING_KINDS, type WarningKind } from '../answer/answer-warnings.ts';
import { ERROR_KINDS } from '../answer/attempt.ts';
import { REPORTED_PARTS } from '../answer/reported-times.ts';
import { SERVER_STATS } from './server-stats.ts';
import { SERVER_TIMES } from './gauge-sources.ts';
import { kindTagOf, type MetricName, STOP_REASONS, STOPS_METRIC } from './metric-list.ts';

/** A submetric's key in k6's options and data: `ai_latency_ms{model:gpt-4.1}`. */
export function submetric(metric: string, tags: Readonly<Record<string, string>>): string {
  const selector = Object.entries(tags).map(([tag, value]) => `${tag}:${value}`);
  return selector.length === 0 ? metric : `${metric}{${selector.join(',')}}`;
}

/** Kinds of warnings that have a Counter of their own; `ai_warnings` counts all others. */
export const OWN_COUNTERS = new Map<WarningKind, 'ai_unknown_finish' | 'ai_invalid_output'>([
  ['unknown_finish', 'ai_unknown_finish'],
  ['invalid_output', 'ai_invalid_output'],
]);

/** Kinds of warnings that `ai_warnings` counts. */
export const COUNTED_WARNINGS: readonly WarningKind[] = WARNING_KINDS.filter(
  (kind) => !OWN_COUNTERS.has(kind),
);

/** What a summary wants to know apart: k6 keeps only submetrics that were declared before the run. */
export type Dimensions = {
  models: readonly string[];
  testTypes: readonly string[];
  providers: readonly string[];
  /** Kinds of requests. */
  kinds: readonly string[];
  hasWarmup: boolean;
  /** A metrics page of the server is read (`LLM_METRICS_URL`). */
  hasServerPage: boolean;
  windows: readonly string[];
  steps: readonly string[];
  /** Steps of a user's own (`user.step`), by name. */
  ownSteps: readonly string[];
  /** Values of the tag `turn`; empty where every request stands by itself. */
  turns: readonly string[];
  /** Sessions are sent. */
  hasSessions: boolean;
};

/** What a block (`models`, `testTypes`, `providers`) is made of, beside errors by kind. */
const BLOCK_METRICS: readonly MetricName[] = [
  'ai_latency_ms',
  'ai_ttft_ms',
  'ai_ttfo_ms',
  'ai_tpot_ms',
  'token_throughput_per_sec',
  'ai_input_tokens_per_sec',
  'error_rate',
  'ai_goodput',
  'ai_cost_dollars',
  'ai_reported_cost_dollars',
  'ai_inputs',
  'ai_input_tokens',
  'ai_cached_tokens',
  'ai_output_tokens',
  'ai_reasoning_tokens',
  'ai_requests_started',
  'ai_requests_finished',
  'ai_requests_succeeded',
  'ai_retries',
  'ai_rate_limited',
  'ai_throttled_ms',
  'ai_usage_missing',
  'ai_unpriced',
  'ai_samples_rejected',
  'ai_unknown_finish',
  'ai_aborted',
  'ai_invalid_output',
];

/** Told apart by phase: what was sent to warm up costs money, and is measured in nothing. */
export const WARMUP_METRICS: readonly MetricName[] = [
  'ai_requests_started',
  'ai_input_tokens',
  'ai_output_tokens',
  'ai_cost_dollars',
];

const WINDOW_METRICS: readonly MetricName[] = ['ai_latency_ms', 'ai_ttft_ms'];

const STEP_METRICS: readonly MetricName[] = [
  'ai_latency_ms',
  'ai_ttft_ms',
  'error_rate',
  'ai_goodput',
  'ai_requests_started',
  'ai_requests_finished',
];

const TURN_METRICS: readonly MetricName[] = [
  'ai_latency_ms',
  'ai_ttft_ms',
  'error_rate',
  'ai_requests_finished',
  'ai_requests_succeeded',
  'ai_input_tokens',
  'ai_cached_tokens',
  'ai_output_tokens',
];

/** How sessions end: the tag `end` of `ai_sessions`. */
export const SESSION_ENDS = ['complete', 'broken'] as const;

/**
 * Every submetric that the summary reads. A dimension with one value is not declared: its block is the total,
 * and each declared one costs time on every sample.
 */
export function submetricsFor(dimensions: Dimensions): string[] {
  const keys: string[] = [
    ...ERROR_KINDS.map((kind) => submetric('ai_errors', { kind })),
    ...COUNTED_WARNINGS.map((kind) => submetric('ai_warnings', { kind })),
  ];
  keys.push(...REPORTED_PARTS.map((part) => submetric('ai_reported_ms', { part })));
  keys.push(...STOP_REASONS.map((reason) => submetric(STOPS_METRIC, { reason })));
  for (const [tag, values] of blockDimensions(dimensions)) {
    if (values.length < 2) continue;
    for (const value of values) {
      keys.push(...BLOCK_METRICS.map((metric) => submetric(metric, { [tag]: value })));
      const own = tag === 'kind' ? kindTagOf('ai_errors') : tag;
      keys.push(...ERROR_KINDS.map((kind) => submetric('ai_errors', { [own]: value, kind })));
      if (dimensions.hasWarmup) keys.push(...warmupKeys({ [tag]: value }));
    }
  }
  if (dimensions.hasWarmup) keys.push(...warmupKeys({}));
  if (dimensions.hasServerPage) {
    for (const stat of SERVER_STATS) keys.push(...SERVER_TIMES.map((metric) => submetric(metric, { stat })));
  }
  for (const window of dimensions.windows) {
    keys.push(...WINDOW_METRICS.map((metric) => submetric(metric, { window })));
  }
  for (const step of dimensions.steps)
    keys.push(...STEP_METRICS.map((metric) => submetric(metric, { step })));
  for (const name of dimensions.ownSteps) keys.push(submetric('ai_step_ms', { name }));
  for (const turn of dimensions.turns)
    keys.push(...TURN_METRICS.map((metric) => submetric(metric, { turn })));
  if (dimensions.hasSessions) keys.push(...SESSION_ENDS.map((end) => submetric('ai_sessions', { end })));
  return keys;
}

function warmupKeys(tags: Readonly<Record<string, string>>): string[] {
  return WARMUP_METRICS.map((metric) => submetric(metric, { ...tags, phase: 'warmup' }));
}

/** What blocks are made by, each with the tag that tells them apart. */
export function blockDimensions(dimensions: Dimensions): [string, readonly string[]][] {
  return [
    ['model', dimensions.models],
    ['test_type', dimensions.testTypes],
    ['provider', dimensions.providers],
    ['kind', dimensions.kinds],
  ];
}
