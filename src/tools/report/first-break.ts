import { formatMs, formatPercent, formatRate, formatSpan } from '../../lib/format.ts';
import type { Step, Summary, ThresholdResult } from '../../lib/summary/summary.ts';
import type { Cell, Figures } from './figures.ts';
import { Histogram } from './histogram.ts';
import { Tally } from './tally.ts';
import { meets, parseThreshold, type Threshold, valueIn } from './threshold.ts';

/** The first moment at which something gave in: ms from the beginning of the load, and a sentence. */
export type Break = { atMs: number | null; sentence: string };

/** Fewer samples in a time slice say nothing about a percentile of it. */
const MIN_SLICE_SAMPLES = 5;

/**
 * What gave in first: of the thresholds that a run broke, the one whose limit the samples of a time slice
 * passed earliest, with the rate at that moment; for `breakpoint`, the first step that broke. null when
 * nothing broke.
 */
export function firstBreak(summary: Summary, figures: Figures | null): Break | null {
  const step = summary.steps?.find(({ ok }) => ok === false);
  if (step !== undefined) return { atMs: null, sentence: describeStep(step) };
  const broken = summary.thresholds.filter(({ ok }) => !ok);
  const moments =
    figures === null
      ? []
      : broken
          .flatMap((threshold) => momentOf(threshold, figures))
          .toSorted((a, b) => (a.atMs ?? 0) - (b.atMs ?? 0));
  const [first] = moments;
  if (first !== undefined) return first;
  const [name] = summary.slo.breached;
  return name === undefined
    ? null
    : { atMs: null, sentence: `${name} was not met, over the run as a whole.` };
}

function describeStep({ ratePerSec, latencyMs, errorRatio }: Step): string {
  return `The step at ${formatRate(ratePerSec)} requests/s: latency p95 ${formatMs(latencyMs.p95)} ms, ${formatPercent(errorRatio)} failed.`;
}

function momentOf({ metric, expression }: ThresholdResult, figures: Figures): Break[] {
  const threshold = parseThreshold(expression);
  const slices = figures.metrics.get(metric)?.slices;
  if (threshold === null || slices === undefined || isTotal(threshold)) return [];
  for (const [index, cell] of slices.entries()) {
    if (cell === undefined || cell.count < MIN_SLICE_SAMPLES) continue;
    const value = valueIn(cell, threshold);
    if (value === null || meets(threshold, value)) continue;
    const atMs = index * figures.sliceMs;
    return [
      { atMs, sentence: describe({ metric, expression, value, cell, atMs, rate: rateAt(figures, index) }) },
    ];
  }
  return [];
}

/** A sum or a largest value speaks of the whole run, not of one moment. */
function isTotal({ stat }: Threshold): boolean {
  return stat.kind === 'named' && ['count', 'max', 'min', 'value'].includes(stat.name);
}

function describe(found: {
  metric: string;
  expression: string;
  value: number;
  cell: Cell;
  atMs: number;
  rate: number | null;
}): string {
  const { metric, expression, value, cell, atMs, rate } = found;
  const shown = cell instanceof Histogram ? formatMs(value) : formatPercent(value);
  const load = rate === null ? '' : `, at ${formatRate(rate)} requests/s`;
  return `${metric} passed its limit (${expression}) ${formatSpan(atMs)} into the load${load}: it stood at ${shown}.`;
}

function rateAt(figures: Figures, index: number): number | null {
  const cell = figures.metrics.get('ai_requests_started')?.slices[index];
  return cell instanceof Tally ? cell.total / (figures.sliceMs / 1000) : null;
}
