import type { RunData } from '../../results/read/run-data.ts';
import { Histogram } from '../../results/figures/histogram.ts';
import { Timeline } from '../../results/figures/timeline.ts';
import { firstBreak } from '../first-break.ts';
import { timeLabel } from './plot.ts';
import type { PlotContext } from './plot-context.ts';
import { capacityPlots } from './plots-capacity.ts';
import { distributionPlots, spreadPlot } from './plots-distribution.ts';
import { gaugePlots, loadPlots } from './plots-load.ts';
import { latencyPlots } from './plots-latency.ts';
import { moneyPlots } from './plots-money.ts';
import { serverPlots } from './plots-server.ts';
import type { PlotSpec } from './plot-spec.ts';

/** The plots of a run: the capacity curve of `breakpoint`, which answers its question, and all others. */
export type RunPlots = { capacity: readonly PlotSpec[]; others: readonly PlotSpec[] };

/** The plots of a run, in the order in which people ask; those without data, or with too little, are left out. */
export function plotsFor(run: RunData, prefix: string): RunPlots {
  const { figures, summary } = run;
  if (figures === null || figures.sliceCount() === 0) return { capacity: [], others: [] };
  const timeline = new Timeline(figures, summary.durationMs ?? 0);
  const context: PlotContext = { timeline, run, prefix, brokeFirst: brokeFirst(run) };
  return {
    capacity: capacityPlots(context),
    others: [
      ...loadPlots(context),
      ...latencyPlots(context),
      ...serverPlots(context),
      ...distributionPlots(context),
      ...moneyPlots(context),
      ...gaugePlots(context),
    ],
  };
}

function brokeFirst({ summary, figures }: RunData): PlotContext['brokeFirst'] {
  const atMs = firstBreak(summary, figures)?.atMs ?? null;
  return atMs === null ? [] : [{ x: atMs / 1000, label: `first broke at ${timeLabel(atMs / 1000)}` }];
}

const OVERLAYS = [
  { id: 'all-latency', metric: 'ai_latency_ms', title: 'Latency of all runs' },
  { id: 'all-ttft', metric: 'ai_ttft_ms', title: 'TTFT of all runs' },
] as const;

/** Several runs in one picture each. */
export function overlayPlots(runs: readonly RunData[]): PlotSpec[] {
  return OVERLAYS.flatMap(({ id, metric, title }) => {
    const distributions = runs.flatMap(({ label, figures }) => {
      const histogram = figures?.trend(metric) ?? null;
      return histogram instanceof Histogram && histogram.count > 0 ? [{ name: label, histogram }] : [];
    });
    return distributions.length < 2 ? [] : spreadPlot({ id, title, distributions });
  });
}
