import { ownValue } from '../parse/own-value.ts';
import { ERROR_KINDS, type ErrorKind } from '../answer/attempt.ts';
import { countOf, type K6Data, valueOf } from './k6-data.ts';
import type { WarningKind } from '../answer/answer-warnings.ts';
import { kindTagOf } from '../metrics/metric-list.ts';
import { COUNTED_WARNINGS, submetric } from '../metrics/submetrics.ts';
import { statsOfValues } from './stats-of-values.ts';
import type { Block, SideCount, Stats, Totals } from './summary.ts';

type Tags = Readonly<Record<string, string>>;

export const NO_SIDE_COUNT: SideCount = { requests: 0, inputTokens: 0, outputTokens: 0, costUsd: null };

/** Figures that not every source tells. */
export type Untold = 'droppedIterations' | 'cutShort' | 'samplesRejected' | 'preflight';

/** What is not in k6's metrics. */
export type TotalsContext = {
  /** What the source of the data cannot tell: unknown, and not 0. */
  untold: readonly Untold[];
  /** Of load, ms; null when unknown. */
  durationMs: number | null;
  preflight: SideCount;
  warmup: SideCount;
  /** Known for the whole run only. */
  droppedIterations: number | null;
};

/** A Trend's distribution. */
export function statsOf(data: K6Data, metric: string): Stats {
  return statsOfValues(ownValue(data.metrics, metric));
}

/** Totals of all samples that carry `tags`; of the whole run with none. */
export function totalsOf(data: K6Data, tags: Tags, context: TotalsContext): Totals {
  const sum = (metric: string): number => countOf(data, submetric(metric, tags));
  const rate = (metric: string): number | null => rateOf(data, submetric(metric, tags));
  const started = sum('ai_requests_started');
  const finished = sum('ai_requests_finished');
  const succeeded = sum('ai_requests_succeeded');
  const aborted = sum('ai_aborted');
  const outputTokens = sum('ai_output_tokens');
  const priced = succeeded - sum('ai_unpriced') - sum('ai_usage_missing');
  const costUsd = dollarsOf(data, submetric('ai_cost_dollars', tags), priced > 0);
  const goodputRatio = rate('ai_goodput');
  const told = <T>(field: Untold, value: T): T | null => (context.untold.includes(field) ? null : value);
  const seconds = context.durationMs === null || context.durationMs <= 0 ? null : context.durationMs / 1000;
  return {
    requestsStarted: started,
    requestsFinished: finished,
    succeeded,
    failed: finished - succeeded - aborted,
    aborted,
    errors: errorsOf(data, tags),
    retries: sum('ai_retries'),
    rateLimited: sum('ai_rate_limited'),
    droppedIterations: told('droppedIterations', context.droppedIterations),
    cutShort: told('cutShort', Math.max(0, started - finished)),
    inputs: sum('ai_inputs'),
    inputTokens: sum('ai_input_tokens'),
    cachedInputTokens: sum('ai_cached_tokens'),
    outputTokens,
    reasoningTokens: sum('ai_reasoning_tokens'),
    costUsd,
    unpriced: sum('ai_unpriced'),
    reportedCostUsd: dollarsOf(data, submetric('ai_reported_cost_dollars', tags)),
    costUsdPer1kRequests: ratio(costUsd, finished, 1000),
    costUsdPerGoodRequest: ratio(measuredUsd(costUsd, context.warmup), goodRequests(data, tags)),
    costUsdPerMillionOutputTokens: ratio(costUsd, outputTokens, 1_000_000),
    usageMissing: sum('ai_usage_missing'),
    unknownFinish: sum('ai_unknown_finish'),
    invalidOutput: sum('ai_invalid_output'),
    warnings: Object.keys(tags).length === 0 ? warningsOf(data) : null,
    samplesRejected: told('samplesRejected', sum('ai_samples_rejected')),
    goodputRatio,
    errorRatio: rate('error_rate'),
    throttledMs: sum('ai_throttled_ms'),
    requestsPerSec: ratio(finished, seconds),
    succeededPerSec: ratio(succeeded, seconds),
    outputTokensPerSec: ratio(outputTokens, seconds),
    preflight: told('preflight', context.preflight),
    warmup: context.warmup,
  };
}

/** Totals and distributions of all samples that carry `tags`. */
export function blockOf(data: K6Data, tags: Tags, context: TotalsContext): Block {
  const stats = (metric: string): Stats => statsOf(data, submetric(metric, tags));
  return {
    ...totalsOf(data, tags, context),
    latencyMs: stats('ai_latency_ms'),
    ttftMs: stats('ai_ttft_ms'),
    ttfoMs: stats('ai_ttfo_ms'),
    tpotMs: stats('ai_tpot_ms'),
    tokensPerSec: stats('token_throughput_per_sec'),
    inputTokensPerSec: stats('ai_input_tokens_per_sec'),
  };
}

/** A Rate's mean; null when it got no sample, which k6 calls 0. */
export function rateOf(data: K6Data, metric: string): number | null {
  const samples = (valueOf(data, metric, 'passes') ?? 0) + (valueOf(data, metric, 'fails') ?? 0);
  return samples === 0 ? null : valueOf(data, metric, 'rate');
}

/** What the warm-up sent, by its tag. */
export function warmupCount(data: K6Data, tags: Tags = {}): SideCount {
  const key = (metric: string): string => submetric(metric, { ...tags, phase: 'warmup' });
  return {
    requests: countOf(data, key('ai_requests_started')),
    inputTokens: countOf(data, key('ai_input_tokens')),
    outputTokens: countOf(data, key('ai_output_tokens')),
    costUsd: dollarsOf(data, key('ai_cost_dollars')),
  };
}

/** No request of the warm-up is good or not, so its dollars buy none. */
function measuredUsd(costUsd: number | null, warmup: SideCount): number | null {
  return costUsd === null ? null : Math.max(0, Number((costUsd - (warmup.costUsd ?? 0)).toFixed(12)));
}

function goodRequests(data: K6Data, tags: Tags): number {
  return valueOf(data, submetric('ai_goodput', tags), 'passes') ?? 0;
}

/** A sum of dollars, rid of binary dust; null when nothing was priced. */
function dollarsOf(data: K6Data, metric: string, hasPriced = false): number | null {
  const usd = countOf(data, metric);
  return usd === 0 && !hasPriced ? null : Number(usd.toFixed(12));
}

function errorsOf(data: K6Data, tags: Tags): Partial<Record<ErrorKind, number>> {
  const { kind: requestKind, ...withoutKind } = tags;
  const ofKind = requestKind === undefined ? {} : { [kindTagOf('ai_errors')]: requestKind };
  const counts = ERROR_KINDS.map(
    (kind) => [kind, countOf(data, submetric('ai_errors', { ...withoutKind, ...ofKind, kind }))] as const,
  );
  return Object.fromEntries(counts.filter(([, count]) => count > 0));
}

/** k6 keeps them for the whole run only: each declared submetric costs time on every sample. */
function warningsOf(data: K6Data): Partial<Record<WarningKind, number>> {
  const counts = COUNTED_WARNINGS.map(
    (kind) => [kind, countOf(data, submetric('ai_warnings', { kind }))] as const,
  );
  return Object.fromEntries(counts.filter(([, count]) => count > 0));
}

function ratio(value: number | null, by: number | null, per = 1): number | null {
  return value === null || by === null || by <= 0 ? null : (value / by) * per;
}
