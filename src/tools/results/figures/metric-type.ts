import { K6_METRICS, METRIC_SPECS, type MetricType } from '../../../lib/metrics/metric-list.ts';

const TYPES: ReadonlyMap<string, MetricType> = new Map([
  ...Object.entries(METRIC_SPECS).map(([name, { type }]): [string, MetricType] => [name, type]),
  ...Object.entries(K6_METRICS),
]);

/** A metric's name without what tells a part of it: `ai_errors` of `ai_errors{kind:timeout}`. */
export function bareName(name: string): string {
  return name.replace(/\{.*$/s, '');
}

/** The type of a metric or submetric of ours or of k6's; null for any other. */
export function metricTypeOf(name: string): MetricType | null {
  return TYPES.get(bareName(name)) ?? null;
}
