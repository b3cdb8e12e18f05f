import { formatCount, formatMs, formatPercent, formatRate } from '../../../lib/text/format.ts';
import type { Stats, Step } from '../../../lib/summary/summary.ts';
import { Histogram, statsFrom } from '../../results/histogram.ts';
import type { PlotContext } from './plot-context.ts';
import type { PlotLine, PlotPoint, PlotSpec, PlotTable } from './plot-spec.ts';

const BY_MODEL = [
  { id: 'latency-by-model', metric: 'ai_latency_ms', title: 'Latency by model' },
  { id: 'ttft-by-model', metric: 'ai_ttft_ms', title: 'TTFT by model' },
] as const;

const DASHES = ['solid', 'dashed', 'dotted'] as const;

/** How latency and TTFT are spread, by model; and the capacity curve of `breakpoint`. */
export function distributionPlots(context: PlotContext): PlotSpec[] {
  const plots = BY_MODEL.flatMap(({ id, metric, title }) => spreadPlot(context, { id, metric, title }));
  return [...plots, ...capacityPlot(context)];
}

function spreadPlot(
  { timeline, prefix }: PlotContext,
  { id, metric, title }: { id: string; metric: string; title: string },
): PlotSpec[] {
  const { figures } = timeline;
  const cells = [...(figures.metrics.get(metric)?.parts.model ?? [])].flatMap(([name, cell]) =>
    cell instanceof Histogram && cell.count > 0 ? [{ name, histogram: cell }] : [],
  );
  if (cells.length === 0) return [];
  const lines = cells.map(({ name, histogram }, index): PlotLine => ({
    name,
    colour: (index % 6) + 1,
    dash: DASHES[index % 3] ?? 'solid',
    points: sharePoints(histogram),
  }));
  return [
    {
      id: `${prefix}-${id}`,
      title,
      caption:
        'The share of answers that came within a time; further left is faster. The scale is logarithmic.',
      lines,
      x: { kind: 'log', unit: 'ms' },
      y: { unit: '', isShare: true },
      stacked: false,
      planned: [],
      table: statsTable(cells.map(({ name, histogram }) => [name, statsFrom(histogram)])),
    },
  ];
}

const MAX_POINTS = 160;

/** `[value, share of samples up to it]`, thinned out to what a plot can show. */
export function sharePoints(histogram: Histogram): PlotPoint[] {
  const bins = histogram.bins().filter(({ value }) => value > 0);
  const step = Math.max(1, Math.ceil(bins.length / MAX_POINTS));
  const points: PlotPoint[] = [];
  let upTo = histogram.count - bins.reduce((sum, { count }) => sum + count, 0);
  const [first] = bins;
  if (first !== undefined) points.push([first.value, upTo / histogram.count]);
  for (const [index, { value, count }] of bins.entries()) {
    upTo += count;
    if (index % step === 0 || index === bins.length - 1) points.push([value, upTo / histogram.count]);
  }
  return points;
}

/** The percentiles behind such a plot, one row a name. */
export function statsTable(rows: readonly (readonly [string, Stats])[]): PlotTable {
  return {
    columns: ['', 'samples', 'mean', 'p50', 'p90', 'p95', 'p99', 'max'],
    rows: rows.map(([name, { count, mean, p50, p90, p95, p99, max }]) => [
      name,
      formatCount(count),
      ...[mean, p50, p90, p95, p99, max].map(formatMs),
    ]),
  };
}

function capacityPlot({ run, prefix }: PlotContext): PlotSpec[] {
  const steps = run.summary.steps ?? [];
  if (steps.length < 2) return [];
  const line = (name: string, colour: number, read: (step: Step) => number | null): PlotLine => ({
    name,
    colour,
    dash: colour === 1 ? 'solid' : 'dashed',
    points: steps.map((step) => [step.ratePerSec, read(step)]),
  });
  return [
    {
      id: `${prefix}-capacity`,
      title: 'Capacity: latency by offered rate',
      caption: 'Each step of the load: its rate, and the latency of the answers to it, in ms.',
      lines: [
        line('latency p50', 1, ({ latencyMs }) => latencyMs.p50),
        line('latency p95', 2, ({ latencyMs }) => latencyMs.p95),
      ],
      x: { kind: 'value', unit: '/s' },
      y: { unit: 'ms', isShare: false },
      stacked: false,
      planned: [],
      table: stepTable(steps),
    },
  ];
}

function stepTable(steps: readonly Step[]): PlotTable {
  return {
    columns: ['offered /s', 'achieved /s', 'p50 ms', 'p95 ms', 'TTFT p95 ms', 'failed', 'goodput', 'held'],
    rows: steps.map(({ ratePerSec, achievedPerSec, latencyMs, ttftMs, errorRatio, goodputRatio, ok }) => [
      formatRate(ratePerSec),
      formatRate(achievedPerSec),
      formatMs(latencyMs.p50),
      formatMs(latencyMs.p95),
      formatMs(ttftMs.p95),
      formatPercent(errorRatio),
      formatPercent(goodputRatio),
      ok === null ? 'not judged' : ok ? 'yes' : 'no',
    ]),
  };
}
