import { formatMs, formatPercent, formatRate, formatSpan } from '../../lib/text/format.ts';
import type { Step, Summary, ThresholdResult } from '../../lib/summary/summary.ts';
import {
  addCell,
  type Cell,
  FIRST_SLICE_MS,
  type Figures,
  type MetricFigures,
  newCell,
} from '../results/figures/figures.ts';
import { Histogram } from '../results/figures/histogram.ts';
import { Tally } from '../results/figures/tally.ts';
import { type Expression, isMet, parseExpression } from '../../lib/thresholds/expression.ts';
import { thresholdValue } from '../results/figures/threshold-value.ts';

/** The first moment at which something gave in: ms from the beginning of the load, and a sentence. */
export type Break = { atMs: number | null; sentence: string };

/**
 * What gave in first: of the thresholds that a run broke, the one whose limit the samples of a time slice
 * passed earliest, with the rate at that moment; for `breakpoint`, the first step that broke. null when
 * nothing broke.
 */
export function firstBreak(summary: Summary, figures: Figures | null): Break | null {
  const step = summary.steps?.find(({ ok }) => ok === false);
  if (step !== undefined) return { atMs: null, sentence: describeStep(step) };
  const broken = summary.thresholds.filter(({ ok }) => ok === false);
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
  const judged = parseExpression(expression);
  const known = figures.metrics.get(metric);
  if (judged === null || known === undefined || isTotal(judged)) return [];
  const stretches = joinSlices(known, samplesNeeded(judged));
  const values = stretches.map(({ from, to, cell }) =>
    thresholdValue(cell, judged, (to - from) * figures.sliceMs),
  );
  const breaks = values.map((value) => value !== null && !isMet(judged, value));
  // One bad stretch among good ones is a hiccup: it gave in where the next one is bad too.
  const at = breaks.findIndex((broke, index) => broke && breaks[index + 1] !== false);
  const [stretch, value] = [stretches[at], values[at]];
  if (stretch === undefined || value === null || value === undefined) return [];
  const { sliceMs } = figures;
  const slice = firstBroken(known, stretch, (cell) => {
    const own = thresholdValue(cell, judged, sliceMs);
    return own !== null && !isMet(judged, own);
  });
  const [from, to] = slice === null ? [stretch.from, stretch.to] : [slice, slice + 1];
  const atMs = from * sliceMs;
  const when = whenBetween(atMs, to * sliceMs);
  const found = { metric, expression, value, cell: stretch.cell, when, rate: rateIn(figures, stretch) };
  return [{ atMs, sentence: describe(found) }];
}

/** The first slice of a stretch that breaks the limit by itself; null when only several together do. */
function firstBroken(
  { slices }: MetricFigures,
  { from, to }: Stretch,
  isBroken: (cell: Cell) => boolean,
): number | null {
  for (let index = from; index < to; index += 1) {
    const cell = slices[index];
    if (cell !== undefined && isBroken(cell)) return index;
  }
  return null;
}

/** To the second; longer slices know no better. */
function whenBetween(fromMs: number, toMs: number): string {
  if (toMs - fromMs <= FIRST_SLICE_MS) return `${formatSpan(fromMs)} into the load`;
  return fromMs === 0
    ? `within the first ${formatSpan(toMs)} of the load`
    : `between ${formatSpan(fromMs)} and ${formatSpan(toMs)} into the load`;
}

/** Slices from `from` up to `to`, the latter left out. */
type Stretch = { from: number; to: number; cell: Cell };

/** Twice as many as it takes for one to lie beyond the percentile. */
function samplesNeeded({ statistic }: Expression): number {
  return statistic.kind === 'percentile' && statistic.percent < 100
    ? Math.ceil(200 / (100 - statistic.percent))
    : 20;
}

/** Time slices joined until each stretch has samples enough. */
function joinSlices({ type, slices }: MetricFigures, needed: number): Stretch[] {
  const stretches: Stretch[] = [];
  let open: Stretch | null = null;
  for (let index = 0; index < slices.length; index += 1) {
    open ??= { from: index, to: index, cell: newCell(type, '') };
    open.to = index + 1;
    const cell = slices[index];
    if (cell !== undefined) addCell(open.cell, cell);
    if (open.cell.count < needed) continue;
    stretches.push(open);
    open = null;
  }
  const last = stretches.at(-1);
  if (open === null) return stretches;
  if (last === undefined) return [open];
  addCell(last.cell, open.cell);
  last.to = open.to;
  return stretches;
}

/** A sum or a largest value speaks of the whole run, not of one moment. */
function isTotal({ statistic }: Expression): boolean {
  return ['count', 'max', 'min', 'value'].includes(statistic.kind);
}

function describe(found: {
  metric: string;
  expression: string;
  value: number;
  cell: Cell;
  when: string;
  rate: number | null;
}): string {
  const { metric, expression, value, cell, when, rate } = found;
  const shown =
    cell instanceof Histogram
      ? formatMs(value)
      : cell.kind === 'sum'
        ? `${formatRate(value)}/s`
        : formatPercent(value);
  const load = rate === null ? '' : `, at ${formatRate(rate)} requests/s`;
  return `${metric} passed its limit (${expression}) ${when}${load}: it stood at ${shown}.`;
}

function rateIn(figures: Figures, { from, to }: Stretch): number | null {
  const slices = figures.metrics.get('ai_requests_started')?.slices.slice(from, to) ?? [];
  const started = slices.reduce((sum, cell) => sum + (cell instanceof Tally ? cell.total : 0), 0);
  return started === 0 ? null : started / (((to - from) * figures.sliceMs) / 1000);
}
