import type { Expression } from '../../../lib/thresholds/expression.ts';
import type { Statistic } from '../../../lib/thresholds/statistic.ts';
import { type Cell, type Figures, partOfTag } from './figures.ts';
import { cumulate, Histogram, quantileOf } from './histogram.ts';
import type { Tally } from './tally.ts';

/**
 * The value that an expression speaks of, in one cell that was filled for so many ms; null where the cell has no such
 * value.
 */
export function thresholdValue(
  cell: Cell,
  { statistic }: Expression,
  lengthMs: number | null,
): number | null {
  return cell instanceof Histogram ? trendValue(cell, statistic) : tallyValue(cell, { statistic, lengthMs });
}

function trendValue(cell: Histogram, statistic: Statistic): number | null {
  if (statistic.kind === 'count') return cell.count;
  if (cell.count === 0) return null;
  switch (statistic.kind) {
    case 'percentile':
      return statistic.percent >= 0 && statistic.percent <= 100
        ? quantileOf(cumulate(cell), statistic.percent / 100)
        : null;
    case 'avg':
      return cell.sum / cell.count;
    case 'min':
      return cell.min;
    case 'med':
      return quantileOf(cumulate(cell), 0.5);
    case 'max':
      return cell.max;
    case 'rate':
    case 'value':
      return null;
    default:
      return statistic.kind satisfies never;
  }
}

/** The `rate` of a Counter is per second, of a Rate the share of its hits. */
function tallyValue(
  cell: Tally,
  { statistic, lengthMs }: { statistic: Statistic; lengthMs: number | null },
): number | null {
  switch (cell.kind) {
    case 'sum':
      if (statistic.kind === 'count') return cell.total;
      return statistic.kind === 'rate' && lengthMs !== null && lengthMs > 0
        ? (cell.total * 1000) / lengthMs
        : null;
    case 'rate':
      return statistic.kind === 'rate' ? cell.ratio() : null;
    case 'largest':
    case 'level':
      return statistic.kind === 'value' ? cell.total : null;
    default:
      return cell.kind satisfies never;
  }
}

/** The cell of a metric or of a submetric with one tag, `ai_latency_ms{model:x}`; null when figures have none. */
export function thresholdCell(figures: Figures, metric: string): Cell | null {
  const whole = figures.metrics.get(metric);
  if (whole !== undefined) return whole.all;
  const [, name = metric, tag, value] = /^(\w+)\{(\w+):([^,]*)\}$/s.exec(metric) ?? [];
  const known = figures.metrics.get(name);
  if (known === undefined) return null;
  if (tag === undefined || value === undefined) return metric === name ? known.all : null;
  const part = partOfTag(tag);
  return part === null ? null : (known.parts[part].get(value) ?? null);
}
