import type { RunData } from '../../results/run-data.ts';
import { Timeline } from '../../results/timeline.ts';
import { distributionPlots } from './plots-distribution.ts';
import { gaugePlots, loadPlots } from './plots-load.ts';
import { latencyPlots } from './plots-latency.ts';
import { moneyPlots } from './plots-money.ts';
import { serverPlots } from './plots-server.ts';
import type { PlotSpec } from './plot-spec.ts';

/** The plots of a run, in the order in which people ask; those without data are left out. */
export function plotsFor(run: RunData, prefix: string): PlotSpec[] {
  const { figures, summary } = run;
  if (figures === null || figures.sliceCount() === 0) return [];
  const timeline = new Timeline(figures, summary.durationMs ?? 0);
  const context = { timeline, run, prefix };
  return [
    ...loadPlots(context),
    ...latencyPlots(context),
    ...serverPlots(context),
    ...distributionPlots(context),
    ...moneyPlots(context),
    ...gaugePlots(context),
  ];
}
