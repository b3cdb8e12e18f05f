import { SPENT_METRIC } from '../../../lib/metrics/metric-list.ts';
import type { Summary, ThresholdResult } from '../../../lib/summary/summary.ts';
import { isMet, parseExpression } from '../../../lib/thresholds/expression.ts';
import { formatStatistic } from '../../../lib/thresholds/statistic.ts';
import { Histogram } from '../figures/histogram.ts';
import { valuesOf } from '../figures/k6-shape.ts';
import type { Figures } from '../figures/figures.ts';
import { thresholdCell, thresholdValue } from '../figures/threshold-value.ts';

/** A threshold is judged on all parts together; where that cannot be told, every part must have met it. */
export function mergeThresholds(
  summaries: readonly Summary[],
  whole: { metrics: Summary['metrics']; figures: Figures; budgetUsd: number | null },
): ThresholdResult[] {
  const merged = new Map<string, ThresholdResult>();
  for (const { thresholds } of summaries) {
    for (const { metric, expression: ofPart, ok } of thresholds) {
      // Each part got a share of the budget.
      const expression =
        metric === SPENT_METRIC && whole.budgetUsd !== null ? `count<=${whole.budgetUsd}` : ofPart;
      const key = `${metric}: ${expression}`;
      const judged = judge({ metric, expression }, whole) ?? judgeParts({ metric, expression }, summaries);
      merged.set(key, { metric, expression, ok: judged ?? worseOf(merged.get(key)?.ok ?? null, ok) });
    }
  }
  return [...merged.values()];
}

/**
 * A percentile of the whole lies between the least and the largest of its parts: met by all of them, it is met. Where
 * some failed it nobody knows, and that is no pass. null where a part with samples does not tell it.
 */
function judgeParts(
  { metric, expression }: Pick<ThresholdResult, 'metric' | 'expression'>,
  summaries: readonly Summary[],
): boolean | null {
  const parsed = parseExpression(expression);
  if (parsed === null || !['percentile', 'med'].includes(parsed.statistic.kind)) return null;
  const told = summaries.flatMap(({ metrics }) => {
    const values = Object.hasOwn(metrics, metric) ? metrics[metric] : undefined;
    return values === undefined ? [] : [values];
  });
  const filled = told.filter(({ count }) => count !== 0);
  const values = filled.flatMap((stats) => stats[formatStatistic(parsed.statistic)] ?? []);
  if (values.length === 0 || values.length < filled.length) return null;
  return values.every((value) => isMet(parsed, value));
}

/** What a part failed is failed, what no part judged is not judged. */
function worseOf(one: boolean | null, other: boolean | null): boolean | null {
  if (one === false || other === false) return false;
  return one ?? other;
}

/** What a run was to be judged by, judged as far as its samples tell. */
export function judgeBySamples(
  thresholds: readonly Pick<ThresholdResult, 'metric' | 'expression'>[],
  figures: Figures,
): ThresholdResult[] {
  return thresholds.map(({ metric, expression }) => {
    const metrics = UNSEEN.has(metric) ? {} : metricOf(figures, metric);
    return { metric, expression, ok: judge({ metric, expression }, { metrics, figures }) };
  });
}

/** Counts that samples hold a part of: a request that was cut short left none. */
const UNSEEN: ReadonlySet<string> = new Set(['ai_requests_started']);

function metricOf(figures: Figures, metric: string): Summary['metrics'] {
  const cell = thresholdCell(figures, metric);
  return cell === null || cell instanceof Histogram ? {} : { [metric]: valuesOf(cell) };
}

function judge(
  { metric, expression }: Pick<ThresholdResult, 'metric' | 'expression'>,
  { metrics, figures }: { metrics: Summary['metrics']; figures: Figures },
): boolean | null {
  const parsed = parseExpression(expression);
  if (parsed === null) return null;
  const cell = thresholdCell(figures, metric);
  const value =
    cell instanceof Histogram
      ? thresholdValue(cell, parsed, null)
      : ((Object.hasOwn(metrics, metric) ? metrics[metric] : undefined)?.[
          formatStatistic(parsed.statistic)
        ] ?? null);
  return value === null ? null : isMet(parsed, value);
}

/** A summary of thresholds of which some could not be judged: then what others say is no pass. */
export function withUnjudged(summary: Summary, thresholds: readonly ThresholdResult[]): Summary {
  const unjudged = new Set(
    thresholds
      .filter(({ metric, ok }) => ok === null && !isTold(summary, metric))
      .map(({ metric, expression }) => `${metric}: ${expression}`),
  );
  if (unjudged.size === 0) return summary;
  const { slo } = summary;
  return {
    ...summary,
    thresholds: summary.thresholds.map((threshold) =>
      unjudged.has(`${threshold.metric}: ${threshold.expression}`) ? { ...threshold, ok: null } : threshold,
    ),
    slo: slo.state === 'pass' ? { ...slo, state: 'not-judged' } : slo,
  };
}

/** A metric that got no sample is told, and judged by nothing, which is a pass. */
function isTold({ metrics }: Summary, metric: string): boolean {
  return Object.hasOwn(metrics, metric) && Object.keys(metrics[metric] ?? {}).length > 0;
}
