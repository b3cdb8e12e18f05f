import { ERROR_KINDS } from '../attempt.ts';
import { METRIC_NAMES, METRIC_SPECS, type MetricName } from '../metric-list.ts';

/** A submetric's key in k6's options and data: `ai_latency_ms{model:gpt-4.1}`. */
export function submetric(metric: string, tags: Readonly<Record<string, string>>): string {
  const selector = Object.entries(tags).map(([tag, value]) => `${tag}:${value}`);
  return selector.length === 0 ? metric : `${metric}{${selector.join(',')}}`;
}

/** What a summary wants to know apart: k6 keeps only submetrics that were declared before the run. */
export type Dimensions = {
  models: readonly string[];
  testTypes: readonly string[];
  providers: readonly string[];
  hasWarmup: boolean;
  windows: readonly string[];
  steps: readonly string[];
};

/** Metrics of a block (`models`, `testTypes`, `providers`) that are not told apart by kind. */
const BLOCK_METRICS: readonly MetricName[] = METRIC_NAMES.filter(
  (name) =>
    ![
      'ai_icl_ms',
      'ai_ratelimit_remaining',
      'ai_errors',
      'ai_ttfb_ms',
      'ai_stall_ms',
      'ai_retry_after_ms',
    ].includes(name) &&
    !name.startsWith('ai_meter') &&
    !name.startsWith('ai_connect') &&
    !name.startsWith('ai_schedule') &&
    !name.startsWith('ai_intended'),
);

const WARMUP_METRICS: readonly MetricName[] = [
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

/**
 * Every submetric that the summary reads. A dimension with one value is not declared: its block is the total,
 * and each declared one costs time on every sample.
 */
export function submetricsFor(dimensions: Dimensions): string[] {
  const keys: string[] = ERROR_KINDS.map((kind) => submetric('ai_errors', { kind }));
  for (const [tag, values] of blockDimensions(dimensions)) {
    if (values.length < 2) continue;
    for (const value of values) {
      keys.push(...BLOCK_METRICS.map((metric) => submetric(metric, { [tag]: value })));
      keys.push(...ERROR_KINDS.map((kind) => submetric('ai_errors', { [tag]: value, kind })));
    }
  }
  if (dimensions.hasWarmup)
    keys.push(...WARMUP_METRICS.map((metric) => submetric(metric, { phase: 'warmup' })));
  for (const window of dimensions.windows) {
    keys.push(...WINDOW_METRICS.map((metric) => submetric(metric, { window })));
  }
  for (const step of dimensions.steps)
    keys.push(...STEP_METRICS.map((metric) => submetric(metric, { step })));
  return keys;
}

/** The three kinds of blocks, by the tag that tells them apart. */
export function blockDimensions(dimensions: Dimensions): [string, readonly string[]][] {
  return [
    ['model', dimensions.models],
    ['test_type', dimensions.testTypes],
    ['provider', dimensions.providers],
  ];
}

/** True for a Trend of ours or of k6's, by the name in front of a selector. */
export function isTrend(metric: string): boolean {
  const name = metric.replace(/\{.*$/s, '');
  return name in METRIC_SPECS && METRIC_SPECS[name as MetricName].type === 'trend';
}
