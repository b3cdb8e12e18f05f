import { K6_METRICS, METRIC_SPECS, SPENT_METRIC, STOPS_METRIC } from '../metrics/metric-list.ts';
import { NOT_AVAILABLE } from '../text/format.ts';
import type { Summary } from './summary.ts';

/** Titles of the table of a scenario's own steps and metrics. */
export const OWN_TITLES = ['of your own', 'samples', 'mean', 'p50', 'p95', 'max'] as const;

/** What else k6 itself makes. */
const OF_K6 = /^(http|iteration|vus|data|dropped_iterations|group_duration|checks|ws_|grpc_|browser_)/;

/** Steps by name (ms), then metrics that are neither ours nor k6's; a Counter, Rate or Gauge has its value as mean. */
export function ownRows({ metrics }: Pick<Summary, 'metrics'>): string[][] {
  const steps: string[][] = [];
  const others: string[][] = [];
  for (const [key, values] of Object.entries(metrics)) {
    const step = /^ai_step_ms\{name:(.*)\}$/s.exec(key)?.[1];
    if (step !== undefined) {
      if ((values['count'] ?? 0) > 0) steps.push([`step ${step}, ms`, ...figures(values)]);
    } else if (isOwn(key.replace(/\{.*$/s, ''))) others.push([key, ...figures(values)]);
  }
  return [...steps, ...others];
}

function isOwn(metric: string): boolean {
  const isKnown = Object.hasOwn(METRIC_SPECS, metric) || Object.hasOwn(K6_METRICS, metric);
  return !isKnown && metric !== SPENT_METRIC && metric !== STOPS_METRIC && !OF_K6.test(metric);
}

function figures(values: Readonly<Record<string, number | null>>): string[] {
  const isTrend = 'med' in values || 'avg' in values;
  if (isTrend)
    return [values['count'], values['avg'], values['med'], values['p(95)'], values['max']].map(plain);
  const isRate = 'passes' in values;
  const samples = isRate ? (values['passes'] ?? 0) + (values['fails'] ?? 0) : null;
  const value = isRate ? values['rate'] : (values['count'] ?? values['value']);
  return [samples, value, null, null, null].map(plain);
}

/** Three digits that count, of whatever unit. */
function plain(value: number | null | undefined): string {
  if (value === null || value === undefined) return NOT_AVAILABLE;
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(3)));
}
