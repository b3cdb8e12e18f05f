import { kindTagOf, METRIC_SPECS } from '../../../lib/metrics/metric-list.ts';
import { submetric } from '../../../lib/metrics/submetrics.ts';
import { valuesOfStats } from '../../../lib/summary/stats-of-values.ts';
import type { SetupRecord } from '../../../lib/summary/setup-record.ts';
import type { ThresholdResult } from '../../../lib/summary/summary.ts';
import { type Cell, type Figures, newCell, PARTS, TAG_OF_PART } from './figures.ts';
import { Histogram, statsFrom } from './histogram.ts';
import { bareName, metricTypeOf } from './metric-type.ts';

/** One metric as k6 hands it to `handleSummary`. */
export type K6Metric = { values: Record<string, number>; thresholds: Record<string, { ok: boolean }> };

/** What `handleSummary` gets from k6, made from figures, so that one builder writes every summary.json. */
export type K6Shape = {
  metrics: Record<string, K6Metric>;
  state: { testRunDurationMs: number };
  setup_data: { record: object };
};

/** Where nobody told what setup found. */
const NOTHING_FOUND = { preflight: {}, forecast: null, notes: [], stopped: null };

/**
 * Figures in the shape of `handleSummary`'s argument, submetrics by part included.
 *
 * @param run with what setup told, where anybody knows, and the submetrics that k6 was told to keep: those that got
 * nothing are there too, as k6 has them.
 */
export function toK6Shape(
  figures: Figures,
  run: {
    durationMs: number;
    startedAt: string | null;
    thresholds: readonly ThresholdResult[];
    setup: SetupRecord | null;
    declared: readonly string[];
  },
): K6Shape {
  const metrics = new Map<string, K6Metric>();
  for (const [name, metric] of figures.metrics) {
    metrics.set(name, { values: valuesOf(metric.all), thresholds: {} });
    for (const part of PARTS) {
      for (const [value, cell] of metric.parts[part]) {
        metrics.set(withTag(name, TAG_OF_PART[part], value), { values: valuesOf(cell), thresholds: {} });
      }
    }
  }
  keepDeclared(metrics, run.declared);
  for (const { metric, expression, ok } of run.thresholds) {
    const { values, thresholds } = metrics.get(metric) ?? { values: {}, thresholds: {} };
    metrics.set(metric, { values, thresholds: { ...thresholds, [expression]: { ok: ok !== false } } });
  }
  return {
    metrics: Object.fromEntries(metrics),
    state: { testRunDurationMs: run.durationMs },
    setup_data: {
      record: {
        ...(run.setup ?? NOTHING_FOUND),
        startedAt: run.setup?.startedAt ?? run.startedAt,
        loadStartsAtMs: 0,
      },
    },
  };
}

/** Leaves out what k6 would not have kept, and puts in what it would have with nothing in it. */
function keepDeclared(metrics: Map<string, K6Metric>, declared: readonly string[]): void {
  const kept = new Set(declared);
  for (const name of metrics.keys()) if (name.includes('{') && !kept.has(name)) metrics.delete(name);
  for (const name of kept) {
    const type = Object.hasOwn(METRIC_SPECS, bareName(name)) ? metricTypeOf(name) : null;
    // A Gauge that was never read has no value.
    if (type === null || type === 'gauge') continue;
    for (const key of [name, bareName(name)])
      if (!metrics.has(key))
        metrics.set(key, {
          values: type === 'trend' ? EMPTY_TREND : valuesOf(newCell(type, key)),
          thresholds: {},
        });
  }
}

/** As k6 gives it: nothing is 0. */
const EMPTY_TREND = { count: 0, avg: 0, min: 0, med: 0, max: 0, 'p(90)': 0, 'p(95)': 0, 'p(99)': 0 };

/** `ai_errors{kind:timeout}` and a model become `ai_errors{model:NAME,kind:timeout}`, as summaries ask for it. */
function withTag(name: string, tag: string, value: string): string {
  const selected = /^(\w+)\{(kind|part|phase):(\w+)\}$/.exec(name);
  const [, metric, own, text] = selected ?? [];
  if (metric === undefined || own === undefined || text === undefined) {
    return submetric(name, { [tag]: value });
  }
  const given = tag === own ? kindTagOf(metric) : tag;
  return submetric(metric, { [given]: value, [own]: text });
}

/** One metric's figures as k6 has them. */
export function valuesOf(cell: Cell): Record<string, number> {
  if (cell instanceof Histogram) return valuesOfStats(statsFrom(cell));
  switch (cell.kind) {
    case 'sum':
      return { count: cell.total };
    case 'rate':
      return { rate: cell.ratio() ?? 0, passes: cell.total, fails: cell.count - cell.total };
    case 'largest':
    case 'level':
      return { value: cell.total, max: cell.total };
    default:
      return cell.kind satisfies never;
  }
}
