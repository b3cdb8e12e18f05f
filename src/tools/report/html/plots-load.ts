import { formatCount, formatMs, formatRate } from '../../../lib/text/format.ts';
import { K6_METRICS, METRIC_SPECS } from '../../../lib/metrics/metric-list.ts';
import { type PlotContext, timePlot } from './plot-context.ts';
import type { PlotSpec } from './plot-spec.ts';

/** The load itself: requests offered and answered, errors, VUs, schedule lag. */
export function loadPlots(context: PlotContext): PlotSpec[] {
  return [...ratePlot(context), ...errorPlot(context)];
}

function ratePlot(context: PlotContext): PlotSpec[] {
  const { timeline } = context;
  return [
    timePlot(context, {
      id: 'rate',
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
  const lines = names.map((metric, index) => ({
    name: metric.slice('ai_errors{kind:'.length, -1),
    colour: (index % 6) + 1,
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

/** What is looked at last: VUs, schedule lag, the server's own gauges. */
export function gaugePlots(context: PlotContext): PlotSpec[] {
  return [...vuPlot(context), ...lagPlot(context), ...serverPlots(context)];
}

function vuPlot(context: PlotContext): PlotSpec[] {
  const { timeline } = context;
  if (!timeline.figures.metrics.has('vus')) return [];
  const lines = [{ name: 'VUs', colour: 1, dash: 'solid' as const, moments: timeline.level('vus') }];
  const caption = 'VUs at work, the most in each time slice.';
  return [timePlot(context, { id: 'vus', title: 'VUs', caption, unit: '', format: formatCount, lines })];
}

function lagPlot(context: PlotContext): PlotSpec[] {
  const { timeline } = context;
  if (timeline.figures.trend('ai_schedule_lag_ms').count === 0) return [];
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

/** Ours of the server's page, and any other that a file holds; not limits as answers tell them, and not k6's own. */
function isServers(name: string): boolean {
  return (
    name.startsWith('ai_server_') || !(Object.hasOwn(METRIC_SPECS, name) || Object.hasOwn(K6_METRICS, name))
  );
}

function serverPlots(context: PlotContext): PlotSpec[] {
  const { timeline } = context;
  const names = [...timeline.figures.metrics]
    .filter(([name, { type }]) => type === 'gauge' && isServers(name))
    .map(([name]) => name);
  return names.map((name, index) =>
    timePlot(context, {
      id: `server-${index}`,
      title: name,
      caption: `${name}, as the server's own metrics page gave it; the largest value in each time slice.`,
      unit: '',
      format: formatRate,
      lines: [{ name, colour: 5, dash: 'solid', moments: timeline.level(name) }],
    }),
  );
}
