import type { Threshold } from '../plan/build-options.ts';
import type { K6Thresholds } from './compile-thresholds.ts';
import { parseExpression } from './expression.ts';
import { formatStatistic } from './statistic.ts';

/** A threshold that is judged elsewhere, on more than this k6 has seen. */
export type DeferredThreshold = { metric: string; expression: string };

/**
 * The thresholds of one part of a run. It sees a part of the samples, so it judges none of them: whoever merges the parts
 * does. Only what is to end the load at once (`abortOnFail`, the budget) stays with the part, since nobody sees the
 * whole while it runs.
 *
 * @returns what k6 still judges (an empty list keeps a metric apart), what is left to be judged, and the percentiles
 *   that this takes.
 */
export function deferJudging(all: K6Thresholds): {
  thresholds: K6Thresholds;
  deferred: readonly DeferredThreshold[];
  percentiles: readonly string[];
} {
  const thresholds = Object.fromEntries(
    Object.entries(all).map(([metric, list]) => [metric, list.filter(isStop)]),
  );
  const deferred = Object.entries(all).flatMap(([metric, list]) =>
    list.filter((one) => !isStop(one)).map((one) => ({ metric, expression: expressionOf(one) })),
  );
  const percentiles = deferred.flatMap(({ expression }) => {
    const statistic = parseExpression(expression)?.statistic;
    return statistic?.kind === 'percentile' ? [formatStatistic(statistic)] : [];
  });
  return { thresholds, deferred, percentiles: [...new Set(percentiles)] };
}

function isStop(threshold: Threshold): boolean {
  return typeof threshold === 'object' && threshold.abortOnFail === true;
}

function expressionOf(threshold: Threshold): string {
  return typeof threshold === 'string' ? threshold : threshold.threshold;
}
