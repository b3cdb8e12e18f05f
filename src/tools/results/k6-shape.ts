import { submetric } from '../../lib/metrics/submetrics.ts';
import { valuesOfStats } from '../../lib/summary/k6-stats.ts';
import type { SideCount, ThresholdResult } from '../../lib/summary/summary.ts';
import { type Cell, type Figures, PARTS, TAG_OF_PART } from './run-figures.ts';
import { Histogram, statsFrom } from './histogram.ts';

/** One metric as k6 hands it to `handleSummary`. */
export type K6Metric = { values: Record<string, number>; thresholds: Record<string, { ok: boolean }> };

/** What `handleSummary` gets from k6, made from figures, so that one builder writes every summary.json. */
export type K6Shape = {
  metrics: Record<string, K6Metric>;
  state: { testRunDurationMs: number };
  setup_data: {
    record: {
      startedAt: string | null;
      loadStartsAtMs: 0;
      preflight: Record<string, SideCount>;
      forecast: null;
      notes: string[];
    };
  };
};

/** Figures in the shape of `handleSummary`'s argument, submetrics by part included. */
export function toK6Shape(
  figures: Figures,
  run: {
    durationMs: number;
    startedAt: string | null;
    thresholds: readonly ThresholdResult[];
    notes: string[];
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
  for (const { metric, expression, ok } of run.thresholds) {
    const { values, thresholds } = metrics.get(metric) ?? { values: {}, thresholds: {} };
    metrics.set(metric, { values, thresholds: { ...thresholds, [expression]: { ok: ok !== false } } });
  }
  return {
    metrics: Object.fromEntries(metrics),
    state: { testRunDurationMs: run.durationMs },
    setup_data: {
      record: {
        startedAt: run.startedAt,
        loadStartsAtMs: 0,
        preflight: {},
        forecast: null,
        notes: run.notes,
      },
    },
  };
}

/** `ai_errors{kind:timeout}` and a model become `ai_errors{model:NAME,kind:timeout}`, as summaries ask for it. */
function withTag(name: string, tag: string, value: string): string {
  const selected = /^(\w+)\{(kind|part|phase):(\w+)\}$/.exec(name);
  const [, metric, own, text] = selected ?? [];
  if (metric === undefined || own === undefined || text === undefined) {
    return submetric(name, { [tag]: value });
  }
  return submetric(metric, { [tag]: value, [own]: text });
}

function valuesOf(cell: Cell): Record<string, number> {
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
