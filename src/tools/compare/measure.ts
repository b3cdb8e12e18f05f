import { METRIC_SPECS, type MetricType } from '../../lib/metrics/metric-list.ts';
import { readStatistic, type Statistic } from '../../lib/thresholds/statistic.ts';
import type { Part } from '../results/figures/figures.ts';
import { ownValue } from '../../lib/parse/own-value.ts';

/** One figure of a run that can be compared with another run's. */
export type Measure = {
  /** As it is written in rules and shown: `p95(ai_ttft_ms)`, `error_rate`. */
  name: string;
  source: Source;
  better: 'lower' | 'higher';
  unit: Unit;
  /** Only one part of the run, `{model:gpt-4.1}`; null for all of it. */
  part: { part: Part; value: string } | null;
};

export type Source =
  | { kind: 'quantile'; metric: string; q: number }
  | { kind: 'mean'; metric: string }
  /** Hits of trials. */
  | { kind: 'rate'; metric: string }
  /** A Counter's sum. */
  | { kind: 'total'; metric: string }
  | { kind: 'per-second'; metric: string }
  /** One sum over another; `isRare`: most runs count none of the first, and then it is 0. */
  | { kind: 'ratio'; of: string; by: string; times: number; isRare?: true };

export type Unit = 'ms' | 'usd' | 'ratio' | 'perSec' | 'tokens/s' | 'count';

/** Figures with names of their own, for rules and for the table. */
const NAMED: Readonly<Record<string, Omit<Measure, 'name' | 'part'>>> = {
  error_rate: { source: { kind: 'rate', metric: 'error_rate' }, better: 'lower', unit: 'ratio' },
  goodput: { source: { kind: 'rate', metric: 'ai_goodput' }, better: 'higher', unit: 'ratio' },
  requests_per_sec: {
    source: { kind: 'per-second', metric: 'ai_requests_succeeded' },
    better: 'higher',
    unit: 'perSec',
  },
  output_tokens_per_sec: {
    source: { kind: 'per-second', metric: 'ai_output_tokens' },
    better: 'higher',
    unit: 'perSec',
  },
  cost: { source: { kind: 'total', metric: 'ai_cost_dollars' }, better: 'lower', unit: 'usd' },
  cost_per_1k_requests: {
    source: { kind: 'ratio', of: 'ai_cost_dollars', by: 'ai_requests_finished', times: 1000 },
    better: 'lower',
    unit: 'usd',
  },
  cost_per_good_request: {
    source: { kind: 'ratio', of: 'ai_cost_dollars', by: 'ai_goodput', times: 1 },
    better: 'lower',
    unit: 'usd',
  },
  abort_rate: {
    source: { kind: 'ratio', of: 'ai_aborted', by: 'ai_requests_finished', times: 1, isRare: true },
    better: 'lower',
    unit: 'ratio',
  },
  invalid_output_rate: {
    source: { kind: 'ratio', of: 'ai_invalid_output', by: 'ai_requests_succeeded', times: 1, isRare: true },
    better: 'lower',
    unit: 'ratio',
  },
  input_tokens_per_sec: {
    source: { kind: 'per-second', metric: 'ai_input_tokens' },
    better: 'higher',
    unit: 'tokens/s',
  },
};

/** Other spellings that people try. */
const ALIASES: Readonly<Record<string, string>> = {
  ai_goodput: 'goodput',
  ai_cost_dollars: 'cost',
  tokens_per_sec: 'output_tokens_per_sec',
};

/** What a comparison shows when nobody asks for anything else. */
export const DEFAULT_MEASURES: readonly string[] = [
  'p50(ai_latency_ms)',
  'p95(ai_latency_ms)',
  'p99(ai_latency_ms)',
  'p50(ai_ttft_ms)',
  'p95(ai_ttft_ms)',
  'p99(ai_ttft_ms)',
  'p50(ai_tpot_ms)',
  'p95(ai_tpot_ms)',
  'p50(token_throughput_per_sec)',
  'error_rate',
  'goodput',
  'requests_per_sec',
  'output_tokens_per_sec',
  'cost',
  'cost_per_1k_requests',
];

const STATISTIC = /^(.+)\((\w+)(?:\{([^{}]*)\})?\)$/;
const PLAIN = /^(\w+)(?:\{([^{}]*)\})?$/;

/** What is shown too where a run has any of it: streams that users left, answers that are not the JSON that was asked for. */
export const RARE_MEASURES = { aborted: 'abort_rate', invalidOutput: 'invalid_output_rate' } as const;

/** What is shown of each kind of request by itself, where both runs have several. */
export const KIND_MEASURES: readonly string[] = [
  'p50(ai_latency_ms)',
  'p95(ai_latency_ms)',
  'error_rate',
  'requests_per_sec',
  'input_tokens_per_sec',
  'cost',
];

/** The same measure of one kind of request. */
export function ofKind(name: string, kind: string): string {
  const selector = `{kind:${kind}}`;
  return name.endsWith(')') ? `${name.slice(0, -1)}${selector})` : `${name}${selector}`;
}

/** A measure by its name; null when there is no such one. */
export function parseMeasure(text: string): Measure | null {
  const name = text.replace(/\s+/g, '');
  const [, written, metric, selector] = STATISTIC.exec(name) ?? [];
  if (written !== undefined && metric !== undefined) return ofTrend({ name, written, metric, selector });
  const [, plain = '', own] = PLAIN.exec(name) ?? [];
  const part = parsePart(own);
  if (part === undefined) return null;
  const known = ownValue(ALIASES, plain) ?? plain;
  const named = Object.hasOwn(NAMED, known) ? NAMED[known] : undefined;
  if (named !== undefined) return { ...named, name, part };
  return specOf(plain)?.type === 'counter'
    ? { name, source: { kind: 'total', metric: plain }, better: betterOf(plain), unit: 'count', part }
    : null;
}

/** A Trend by a percentile or the mean of its samples: what two runs' samples can be compared by. */
function ofTrend(measure: {
  name: string;
  written: string;
  metric: string;
  selector: string | undefined;
}): Measure | null {
  const { name, metric, selector } = measure;
  const spec = specOf(metric);
  const part = parsePart(selector);
  const statistic = readStatistic(measure.written);
  const source = statistic === null ? null : sourceOf(statistic, metric);
  if (spec?.type !== 'trend' || part === undefined || source === null) return null;
  const isSpeed = spec.unit === 'tokens/s';
  return { name, source, better: isSpeed ? 'higher' : 'lower', unit: isSpeed ? 'tokens/s' : 'ms', part };
}

function sourceOf(statistic: Statistic, metric: string): Source | null {
  if (statistic.kind === 'avg') return { kind: 'mean', metric };
  if (statistic.kind === 'med') return { kind: 'quantile', metric, q: 0.5 };
  if (statistic.kind !== 'percentile') return null;
  const q = Number((statistic.percent / 100).toFixed(6));
  return q >= 0 && q <= 1 ? { kind: 'quantile', metric, q } : null;
}

function specOf(metric: string): { type: MetricType; unit: string } | null {
  return Object.entries(METRIC_SPECS).find(([name]) => name === metric)?.[1] ?? null;
}

const PART_BY_TAG: Readonly<Record<string, Part>> = {
  model: 'model',
  provider: 'provider',
  kind: 'kind',
  test_type: 'scenario',
  scenario: 'scenario',
};

/** null: the whole run; undefined: not understood. */
function parsePart(selector: string | undefined): Measure['part'] | undefined {
  if (selector === undefined) return null;
  const colon = selector.indexOf(':');
  const part = ownValue(PART_BY_TAG, selector.slice(0, colon));
  return colon < 0 || part === undefined ? undefined : { part, value: selector.slice(colon + 1) };
}

/** Counters of which more is good news. */
const GOOD_COUNTERS: ReadonlySet<string> = new Set([
  'ai_requests_succeeded',
  'ai_requests_finished',
  'ai_cached_tokens',
]);

function betterOf(counter: string): 'lower' | 'higher' {
  return GOOD_COUNTERS.has(counter) ? 'higher' : 'lower';
}
