import type { Cell, Figures, Part } from './run-figures.ts';
import { cumulate, Histogram, quantileOf } from './histogram.ts';

/** A k6 threshold taken apart: `p(95)<5000`. */
export type Threshold = {
  stat: { kind: 'quantile'; q: number } | { kind: 'named'; name: string };
  operator: string;
  limit: number;
};

const PATTERN =
  /^\s*(?:p\((\d+(?:\.\d+)?)\)|(avg|min|max|med|count|rate|value))\s*(<=|>=|===?|!==?|<|>)\s*(-?[\d.]+(?:e-?\d+)?)\s*$/i;

/** A threshold from its expression; null when it is not one that k6 would take. */
export function parseThreshold(expression: string): Threshold | null {
  const [, percent, name, operator, limit] = PATTERN.exec(expression) ?? [];
  if (operator === undefined || limit === undefined || Number.isNaN(Number(limit))) return null;
  if (percent !== undefined) {
    return { stat: { kind: 'quantile', q: Number(percent) / 100 }, operator, limit: Number(limit) };
  }
  return name === undefined ? null : { stat: { kind: 'named', name }, operator, limit: Number(limit) };
}

/** Whether a value meets a threshold. */
export function meets({ operator, limit }: Threshold, value: number): boolean {
  switch (operator) {
    case '<':
      return value < limit;
    case '<=':
      return value <= limit;
    case '>':
      return value > limit;
    case '>=':
      return value >= limit;
    case '==':
    case '===':
      return value === limit;
    default:
      return value !== limit;
  }
}

/** The value that a threshold speaks of, in one cell; null where the cell has no such value. */
export function valueIn(cell: Cell, { stat }: Threshold): number | null {
  if (stat.kind === 'quantile') return cell instanceof Histogram ? quantileOf(cumulate(cell), stat.q) : null;
  if (!(cell instanceof Histogram)) return stat.name === 'rate' ? cell.ratio() : cell.total;
  if (stat.name === 'count') return cell.count;
  if (cell.count === 0) return null;
  if (stat.name === 'avg') return cell.sum / cell.count;
  if (stat.name === 'min') return cell.min;
  return stat.name === 'max' ? cell.max : quantileOf(cumulate(cell), 0.5);
}

const TAG_TO_PART: Readonly<Record<string, Part>> = {
  model: 'model',
  test_type: 'scenario',
  provider: 'provider',
  window: 'window',
  step: 'step',
};

/** The cell of a metric or of a submetric with one tag, `ai_latency_ms{model:x}`; null when figures have none. */
export function cellOf(figures: Figures, metric: string): Cell | null {
  const [, name = metric, tag, value] = /^(\w+)\{(\w+):([^,]*)\}$/s.exec(metric) ?? [];
  const known = figures.metrics.get(name);
  if (known === undefined) return null;
  if (tag === undefined || value === undefined) return metric === name ? known.all : null;
  const part = TAG_TO_PART[tag];
  return part === undefined ? null : (known.parts[part].get(value) ?? null);
}
