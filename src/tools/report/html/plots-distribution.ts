import { formatCount, formatMs, formatPercent } from '../../../lib/text/format.ts';
import type { Stats } from '../../../lib/summary/summary.ts';
import { Histogram, statsFrom } from '../../results/figures/histogram.ts';
import { MIN_SAMPLES } from '../../results/figures/timeline.ts';
import type { PlotContext } from './plot-context.ts';
import type { PlotLine, PlotPoint, PlotSpec, PlotTable } from './plot-spec.ts';

const BY_MODEL = [
  { id: 'latency-by-model', metric: 'ai_latency_ms', title: 'Latency by model' },
  { id: 'ttft-by-model', metric: 'ai_ttft_ms', title: 'TTFT by model' },
] as const;

const DASHES = ['solid', 'dashed', 'dotted'] as const;

/** How latency and TTFT are spread, by model. */
export function distributionPlots(context: PlotContext): PlotSpec[] {
  return BY_MODEL.flatMap(({ id, metric, title }) => {
    const models = [...(context.timeline.figures.metrics.get(metric)?.parts.model ?? [])];
    const named = models.flatMap(([name, cell]) =>
      cell instanceof Histogram ? [{ name, histogram: cell }] : [],
    );
    return spreadPlot({ id: `${context.prefix}-${id}`, title, distributions: named });
  });
}

/** Shares of answers by time; distributions of too few samples are left out. */
export function spreadPlot({
  id,
  title,
  distributions,
}: {
  id: string;
  title: string;
  distributions: readonly { name: string; histogram: Histogram }[];
}): PlotSpec[] {
  const cells = distributions.filter(({ histogram }) => histogram.count >= MIN_SAMPLES);
  if (cells.length === 0) return [];
  const lines = cells.map(({ name, histogram }, index): PlotLine => ({
    name,
    colour: (index % 6) + 1,
    dash: DASHES[index % 3] ?? 'solid',
    points: sharePoints(histogram),
  }));
  return [
    {
      id,
      title,
      caption:
        'The share of answers that came within a time; further left is faster. The scale is logarithmic.',
      lines,
      x: { kind: 'log', unit: 'ms' },
      y: { unit: '', isShare: true },
      stacked: false,
      planned: [],
      limits: [],
      marks: [],
      table: statsTable(cells.map(({ name, histogram }) => [name, statsFrom(histogram)])),
      readings: shareReadings(lines),
    },
  ];
}

const READINGS = 40;

/** What a pointer reads: at round steps of the logarithm, the share of each line. */
function shareReadings(lines: readonly PlotLine[]): { x: number; cells: string[] }[] {
  const xs = lines.flatMap(({ points }) => points.map(([x]) => x)).filter((x) => x > 0);
  const [low, high] = [Math.min(...xs), Math.max(...xs)];
  if (!(high > low)) return [];
  return Array.from({ length: READINGS + 1 }, (_, step) => {
    const x = Number((low * (high / low) ** (step / READINGS)).toPrecision(3));
    const shares = lines.map(({ name, points }) => {
      const share = points.findLast(([at]) => at <= x)?.[1] ?? 0;
      return `${name} ${formatPercent(share)}`;
    });
    return { x, cells: [`within ${formatMs(x)} ms`, ...shares] };
  });
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
