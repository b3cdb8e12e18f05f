import { formatCount, formatMs, formatRate } from '../../../lib/text/format.ts';
import { MIN_SAMPLES } from '../../results/figures/timeline.ts';
import { type PlotContext, timePlot } from './plot-context.ts';
import type { PlotSpec } from './plot-spec.ts';

/** The load itself: requests offered and answered, errors, VUs, schedule lag. */
export function loadPlots(context: PlotContext): PlotSpec[] {
  return [...ratePlot(context), ...errorPlot(context)];
}

function ratePlot(context: PlotContext): PlotSpec[] {
  const { timeline } = context;
  if (hasTooFew(timeline)) return [];
  return [
    timePlot(context, {
      id: 'rate',
      plan: 'ratePerSec',
      title: 'Offered and achieved rate',
      caption: 'Requests started, finished and succeeded per second.',
      unit: '/s',
      format: formatRate,
      lines: [
        { name: 'started', colour: 1, dash: 'solid', moments: timeline.perSecond('ai_requests_started') },
        { name: 'finished', colour: 2, dash: 'dashed', moments: timeline.perSecond('ai_requests_finished') },
        {
          name: 'succeeded',
          colour: 3,
          dash: 'dotted',
          moments: timeline.perSecond('ai_requests_succeeded'),
        },
      ],
    }),
  ];
}

function errorPlot(context: PlotContext): PlotSpec[] {
  const { timeline } = context;
  const names = [...timeline.figures.metrics.keys()].filter((name) => name.startsWith('ai_errors{kind:'));
  if (names.length === 0) return [];
  if (hasTooFew(timeline)) return [];
  const lines = names.map((metric, index) => ({
    name: metric.slice('ai_errors{kind:'.length, -1),
    colour: (index % 6) + 1,
    isError: true,
    dash: 'solid' as const,
    moments: timeline.sums(metric),
  }));
  return [
    timePlot(context, {
      id: 'errors',
      title: 'Errors by kind',
      caption: 'Failed requests in each time slice, stacked by kind.',
      unit: '',
      format: formatCount,
      stacked: true,
      lines,
    }),
  ];
}

/** What is looked at last: VUs, schedule lag. */
export function gaugePlots(context: PlotContext): PlotSpec[] {
  return [...vuPlot(context), ...lagPlot(context)];
}

function vuPlot(context: PlotContext): PlotSpec[] {
  const { timeline } = context;
  if (!timeline.figures.metrics.has('vus') || hasTooFew(timeline)) return [];
  const lines = [{ name: 'VUs', colour: 1, dash: 'solid' as const, moments: timeline.level('vus') }];
  const caption = 'VUs at work, the most in each time slice.';
  return [
    timePlot(context, {
      id: 'vus',
      title: 'VUs',
      caption,
      unit: '',
      format: formatCount,
      lines,
      plan: 'vus',
    }),
  ];
}

function lagPlot(context: PlotContext): PlotSpec[] {
  const { timeline } = context;
  if (timeline.figures.trend('ai_schedule_lag_ms').count < MIN_SAMPLES) return [];
  return [
    timePlot(context, {
      id: 'lag',
      title: 'Schedule lag',
      caption: 'How late requests started against their schedule, in ms.',
      unit: 'ms',
      format: formatMs,
      lines: [
        { name: 'p50', colour: 1, dash: 'solid', moments: timeline.quantile('ai_schedule_lag_ms', 0.5) },
        { name: 'p99', colour: 2, dash: 'dashed', moments: timeline.quantile('ai_schedule_lag_ms', 0.99) },
      ],
    }),
  ];
}

/** A handful of requests has no shape. */
function hasTooFew({ figures }: PlotContext['timeline']): boolean {
  return figures.total('ai_requests_started') < MIN_SAMPLES;
}
