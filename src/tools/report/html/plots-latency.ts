import { formatCount, formatMs } from '../../../lib/text/format.ts';
import { MIN_SAMPLES } from '../../results/figures/timeline.ts';
import { limitsOf } from './plot-limits.ts';
import { type NamedMoments, type PlotContext, timePlot } from './plot-context.ts';
import type { PlotSpec } from './plot-spec.ts';

/** What is drawn over time, and which term of an SLO speaks of it. */
export const OVER_TIME = [
  {
    id: 'latency',
    metric: 'ai_latency_ms',
    title: 'Latency over time',
    caption:
      'From the request to the whole answer, successes only, in ms; each value rests on twenty answers or more.',
  },
  {
    id: 'ttft',
    metric: 'ai_ttft_ms',
    title: 'Time to first token (TTFT)',
    caption:
      'From the request to the first text, reasoning or tool call, in ms; each value rests on twenty answers or more.',
  },
  {
    id: 'tpot',
    metric: 'ai_tpot_ms',
    title: 'Time per output token (TPOT)',
    caption: 'The pace after the first token, in ms a token; each value rests on twenty answers or more.',
  },
] as const;

/** Percentiles over time, and the tokens that came of it. */
export function latencyPlots(context: PlotContext): PlotSpec[] {
  const { figures } = context.timeline;
  const plots = OVER_TIME.filter(({ metric }) => figures.trend(metric).count >= MIN_SAMPLES).map(
    ({ id, metric, title, caption }) =>
      timePlot(context, {
        id,
        title,
        caption,
        unit: 'ms',
        format: formatMs,
        lines: percentileLines(context, metric),
        limits: limitsOf(context.run.summary, metric),
      }),
  );
  return [...plots, ...tokenPlot(context)];
}

function percentileLines({ timeline }: PlotContext, metric: string): NamedMoments[] {
  return [
    { name: 'p50', colour: 1, dash: 'solid', moments: timeline.quantile(metric, 0.5) },
    { name: 'p95', colour: 2, dash: 'dashed', moments: timeline.quantile(metric, 0.95) },
    { name: 'p99', colour: 4, dash: 'dotted', moments: timeline.quantile(metric, 0.99) },
  ];
}

function tokenPlot(context: PlotContext): PlotSpec[] {
  const { timeline } = context;
  if (timeline.figures.total('ai_requests_succeeded') < MIN_SAMPLES) return [];
  if (timeline.figures.total('ai_output_tokens') === 0) return [];
  return [
    timePlot(context, {
      id: 'tokens',
      title: 'Output tokens per second',
      caption: 'Tokens of all answers that ended in a time slice, per second.',
      unit: '/s',
      format: formatCount,
      lines: [
        { name: 'output tokens', colour: 3, dash: 'solid', moments: timeline.perSecond('ai_output_tokens') },
      ],
    }),
  ];
}
