import type { MetricType } from '../../../lib/metrics/metric-list.ts';
import { valuesOfStats } from '../../../lib/summary/stats-of-values.ts';
import type { Summary } from '../../../lib/summary/summary.ts';
import { type Figures, newCell } from '../figures/figures.ts';
import { Histogram, statsFrom } from '../figures/histogram.ts';
import { metricTypeOf } from '../figures/metric-type.ts';
import { Tally } from '../figures/tally.ts';
import { thresholdCell } from '../figures/threshold-value.ts';

type Metrics = Summary['metrics'];
type Values = Metrics[string];

/**
 * The metrics of the parts of one run as one k6 would have told them: Counters and Rates added up, percentiles from the
 * figures of all. A percentile of a Trend that left no samples is unknown: none can be made of others.
 */
export function mergeMetrics(parts: readonly Metrics[], figures: Figures): Metrics {
  const names = new Set(parts.flatMap((metrics) => Object.keys(metrics)));
  const merged = [...names].toSorted().map((name): [string, Values] => {
    const told = parts.flatMap((metrics) => (Object.hasOwn(metrics, name) ? [metrics[name] ?? {}] : []));
    return [name, mergeValues(name, told, figures)];
  });
  return Object.fromEntries(merged);
}

function mergeValues(name: string, told: readonly Values[], figures: Figures): Values {
  const [only] = told;
  if (told.every((values) => Object.keys(values).length === 0)) return {};
  switch (typeOf(name, told)) {
    case 'counter':
      return Object.fromEntries(statsOfAll(told).map((stat) => [stat, sumOf(told, stat)]));
    case 'rate': {
      const [passes, fails] = [sumOf(told, 'passes'), sumOf(told, 'fails')];
      return { fails, passes, rate: passes + fails === 0 ? 0 : passes / (passes + fails) };
    }
    case 'gauge':
      return mergeGauge(name, told);
    case 'trend': {
      const cell = thresholdCell(figures, name);
      if (cell instanceof Histogram) return { ...NO_STATS, ...valuesOfStats(statsFrom(cell)) };
      return told.length === 1 && only !== undefined ? only : mergeTrend(told);
    }
  }
}

/** What k6 tells of a metric says of which type it is, where its name is none of ours. */
function typeOf(name: string, told: readonly Values[]): MetricType {
  const known = metricTypeOf(name);
  if (known !== null) return known;
  const has = (stat: string): boolean => told.some((values) => Object.hasOwn(values, stat));
  if (has('passes')) return 'rate';
  if (has('value')) return 'gauge';
  return has('count') && has('rate') ? 'counter' : 'trend';
}

/** What any part tells of a metric: what none tells stays unknown. */
function statsOfAll(told: readonly Values[]): string[] {
  return [...new Set(told.flatMap((values) => Object.keys(values)))].toSorted();
}

function sumOf(told: readonly Values[], stat: string): number {
  return told.reduce((sum, values) => sum + (values[stat] ?? 0), 0);
}

function mergeGauge(name: string, told: readonly Values[]): Values {
  const cell = newCell('gauge', name);
  const adds = cell instanceof Tally && cell.kind === 'level';
  return Object.fromEntries(
    statsOfAll(told).map((stat) => {
      const known = told.flatMap((values) => values[stat] ?? []);
      if (known.length === 0) return [stat, null];
      if (adds) return [stat, sumOf(told, stat)];
      const isLeast = stat === 'min' || name.startsWith('ai_delivered_ratio');
      return [stat, isLeast ? Math.min(...known) : Math.max(...known)];
    }),
  );
}

/** As k6 has them, unknown. */
const NO_STATS = {
  avg: null,
  count: 0,
  max: null,
  med: null,
  min: null,
  'p(90)': null,
  'p(95)': null,
  'p(99)': null,
} as const;

function mergeTrend(told: readonly Values[]): Values {
  const filled = told.filter(({ count }) => count !== 0);
  const [only] = filled;
  if (filled.length === 1 && only !== undefined) return only;
  const count = sumOf(filled, 'count');
  const known = (stat: string): number[] => filled.flatMap((values) => values[stat] ?? []);
  const weighted = filled.map(({ avg, count: times }) =>
    avg === null || avg === undefined ? Number.NaN : avg * (times ?? Number.NaN),
  );
  const avg = weighted.reduce((sum, value) => sum + value, 0) / count;
  return {
    ...NO_STATS,
    avg: Number.isFinite(avg) ? avg : null,
    count,
    max: known('max').length === 0 ? null : Math.max(...known('max')),
    min: known('min').length === 0 ? null : Math.min(...known('min')),
  };
}
