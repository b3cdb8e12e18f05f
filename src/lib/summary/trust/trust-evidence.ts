import type { PercentileEvidence, TrustEvidence } from './judge-trust.ts';
import { countOf, type K6Data, valueOf } from '../k6-data.ts';
import type { LoadFigures, Totals } from '../summary.ts';
import { isLagGuard } from '../../load/due.ts';
import { submetric } from '../../metrics/submetrics.ts';
import { parseExpression } from '../../thresholds/expression.ts';

/** What k6's own figures tell of a run's health. CPU and event-loop delays are the launcher's to add. */
export function trustEvidence(
  data: K6Data,
  totals: Totals,
  load: Pick<LoadFigures, 'model' | 'iterations' | 'segment' | 'deliveredRatio'>,
): TrustEvidence {
  return {
    requestsFinished: totals.requestsFinished,
    succeeded: measuredSuccesses(data.metrics, totals),
    warmupRequests: totals.warmup.requests,
    droppedIterations: totals.droppedIterations ?? 0,
    load,
    deliveredRatio: load.deliveredRatio,
    scheduleLagP95Ms: valueOf(data, 'ai_schedule_lag_ms', 'p(95)'),
    scheduleLagP99Ms: percentile(data, 'ai_schedule_lag_ms'),
    clientCpuRatio: null,
    machineCpuRatio: null,
    meterLoopDelayP99Ms: null,
    addedTtft: null,
    meterHopP99Ms: percentile(data, 'ai_meter_overhead_ms'),
    percentiles: askedPercentiles(data),
  };
}

/** Successes outside the warm-up, by the guard that counts them; all of them in a run without one. */
export function measuredSuccesses(
  metrics: K6Data['metrics'],
  { succeeded }: Pick<Totals, 'succeeded'>,
): number {
  return metrics[submetric('ai_requests_succeeded', { phase: 'main' })]?.['count'] ?? succeeded;
}

function percentile(data: K6Data, metric: string): number | null {
  return valueOf(data, metric, 'p(99)');
}

/** The percentiles that thresholds name, once each. */
function askedPercentiles(data: K6Data): PercentileEvidence[] {
  const asked = new Map<string, PercentileEvidence>();
  for (const { metric, expression } of data.thresholds) {
    const q = askedQuantile(expression);
    if (q === null || !metric.startsWith('ai_') || isLagGuard({ metric, expression })) continue;
    asked.set(`${metric} ${q}`, { metric, q, count: countOf(data, metric), interval: null });
  }
  return [...asked.values()];
}

/** The quantile that a threshold judges, 0 to 1; null when it judges none. */
export function askedQuantile(expression: string): number | null {
  const statistic = parseExpression(expression)?.statistic;
  if (statistic?.kind !== 'percentile') return null;
  const q = Number((statistic.percent / 100).toFixed(6));
  return q >= 0 && q <= 1 ? q : null;
}
