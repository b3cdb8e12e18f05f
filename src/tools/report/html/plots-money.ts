import { formatUsd } from '../../../lib/text/format.ts';
import { MIN_SAMPLES } from '../../results/figures/timeline.ts';
import { type PlotContext, timePlot } from './plot-context.ts';
import type { PlotSpec } from './plot-spec.ts';

/** Dollars spent so far. */
export function moneyPlots(context: PlotContext): PlotSpec[] {
  const { timeline, run } = context;
  if (run.summary.totals.costUsd === null || timeline.figures.total('ai_cost_dollars') === 0) return [];
  if (timeline.figures.total('ai_requests_finished') < MIN_SAMPLES) return [];
  return [
    timePlot(context, {
      id: 'cost',
      title: 'Dollars over time',
      caption: 'What the run had cost by then, in US dollars, from reported tokens and the price table.',
      unit: '$',
      format: formatUsd,
      lines: [
        { name: 'cost so far', colour: 3, dash: 'solid', moments: timeline.cumulative('ai_cost_dollars') },
      ],
    }),
  ];
}
