import {
  K6_METRICS,
  kindTagOf,
  METRIC_SPECS,
  type MetricName,
  type METRICS,
  type MetricType,
} from '../../lib/metrics/metric-list.ts';
import { METRIC_MEANINGS } from '../../lib/metrics/metric-meanings.ts';

type Own<T extends MetricType> = {
  [K in MetricName]: (typeof METRICS)[K]['type'] extends T ? K : never;
}[MetricName];

/** k6's own metrics that the boards show. They carry `testid` at most, never `model` (docs/grafana.md). */
export type K6Counter = 'dropped_iterations' | 'http_reqs';
export type K6Gauge = 'vus' | 'vus_max';

export type Trend = Own<'trend'>;
export type Rate = Own<'rate'> | 'checks';
export type Counter = Own<'counter'> | K6Counter;
export type Gauge = Own<'gauge'> | K6Gauge;
export type AnyMetric = Trend | Rate | Counter | Gauge;

/** A variable of the board, by which panels are filtered. */
export type FilterVariable = 'testid' | 'model' | 'provider' | 'test_type' | 'kind';

/** Any run has it, with all tags: values of the filters are looked up there. */
export const LISTED = 'ai_requests_started';

export const FILTER_VARIABLES: readonly FilterVariable[] = [
  'testid',
  'model',
  'provider',
  'test_type',
  'kind',
];

/** A tag that series may be split by. */
export type SplitTag =
  | 'name'
  | 'model'
  | 'provider'
  /** Of request, `embeddings`; of failure on `ai_errors`, where the other has a name of its own. */
  | 'kind'
  | 'request_kind'
  | 'part'
  | 'end'
  | 'stat'
  | 'limit'
  | 'status'
  | 'check';

/**
 * One line, or one family of lines, of a panel: what is taken of which metric. Written as InfluxQL by
 * `influxql.ts` and as PromQL by `promql.ts`, so that the two boards cannot differ in what they show.
 */
export type Query = {
  /** Name of the line; with `by`, what follows the tag's value: `gpt-4.1 p95`. */
  legend: string;
  by?: SplitTag;
} & Take;

export type Take =
  /** A percentile of a Trend, per interval. */
  | { take: 'percentile'; metric: Trend; percent: 50 | 95 | 99 }
  /** The share of a Rate that is true, 0 to 1, per interval. */
  | { take: 'share'; metric: Rate; counters?: { of: Counter; per: Counter } }
  /** A Counter's growth, per second or minute. */
  | { take: 'per-second' | 'per-minute'; metric: Counter }
  /** A Counter's sum so far, over the run. */
  | { take: 'running-total'; metric: Counter }
  /** A Gauge: the largest value of each interval. */
  | { take: 'level'; metric: Gauge };

/** One figure over the whole time range, for a stat panel. */
export type Figure =
  | { take: 'percentile'; metric: Trend; percent: 50 | 95 | 99 }
  | { take: 'share'; metric: Rate; counters?: { of: Counter; per: Counter } }
  | { take: 'total'; metric: Counter }
  /** Mean over the intervals that had traffic, of a Counter's growth per second. */
  | { take: 'mean-per-second'; metric: Counter }
  /** `factor` × sum of one Counter / sum of another. */
  | { take: 'quotient'; metric: Counter; per: Counter; factor: number };

/** True for a metric of ours, which carries `model`, `provider` and `test_type`. */
export function isOwn(metric: string): metric is MetricName {
  return metric in METRIC_SPECS;
}

/** What the server's own page tells is of the whole server: like k6's own metrics it has `testid` at most. */
const SERVER_PREFIX = 'ai_server_';

/** A gauge scraped from the server under test (LLM_METRICS_URL). */
export type ServerGaugeMetric = Extract<Gauge, MetricName>;

export function isServerGauge(metric: string): metric is ServerGaugeMetric {
  return metric.startsWith(SERVER_PREFIX) && typeOf(metric) === 'gauge';
}

/** The variables that may filter a metric: by a tag it lacks, a choice would hide it. */
export function filtersOf(metric: AnyMetric): readonly FilterVariable[] {
  return isOwn(metric) && !metric.startsWith(SERVER_PREFIX) ? FILTER_VARIABLES : ['testid'];
}

/** The tag under which a metric has what a variable chooses: `kind` of `ai_errors` is the kind of failure. */
export function tagOf(metric: AnyMetric, variable: FilterVariable): string {
  return variable === 'kind' ? kindTagOf(metric) : variable;
}

/** What a metric means, as `metric-meanings.ts` puts it; empty for k6's own, which k6 documents. */
export function meaningOf(metric: AnyMetric): string {
  return isOwn(metric) ? METRIC_MEANINGS[metric] : '';
}

/** The type of one of our metrics or of k6's; undefined for a name that nobody emits. */
export function typeOf(metric: string): MetricType | undefined {
  return isOwn(metric) ? METRIC_SPECS[metric].type : K6_METRICS[metric];
}
