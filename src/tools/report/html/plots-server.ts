import { formatCount, formatMs, formatPercent } from '../../../lib/text/format.ts';
import { K6_METRICS, METRIC_SPECS } from '../../../lib/metrics/metric-list.ts';
import { submetric } from '../../../lib/metrics/submetrics.ts';
import type { SlicePoint } from '../../results/figures/timeline.ts';
import { type NamedMoments, type PlotContext, timePlot } from './plot-context.ts';
import type { PlotSpec } from './plot-spec.ts';

/** The server's side of the story, by its own metrics page: first tokens and queue beside the client's, then its load. */
export function serverPlots(context: PlotContext): PlotSpec[] {
  return [...timesPlot(context), ...workPlot(context), ...cachePlot(context), ...otherPlots(context)];
}

function timesPlot(context: PlotContext): PlotSpec[] {
  const { timeline } = context;
  const own: NamedMoments[] = [
    ...levelLine(context, submetric('ai_server_ttft_ms', { stat: 'mean' }), {
      name: "the server's first token",
      colour: 2,
      dash: 'dashed',
    }),
    ...levelLine(context, submetric('ai_server_queue_ms', { stat: 'mean' }), {
      name: "the server's queue",
      colour: 4,
      dash: 'dotted',
    }),
  ];
  if (own.length === 0) return [];
  const isStreamed = timeline.figures.trend('ai_ttft_ms').count > 0;
  const client: NamedMoments = {
    name: isStreamed ? "the client's TTFT" : "the client's latency",
    colour: 1,
    dash: 'solid',
    moments: timeline.mean(isStreamed ? 'ai_ttft_ms' : 'ai_latency_ms'),
  };
  return [
    timePlot(context, {
      id: 'server-times',
      title: 'Where the time to first token goes',
      caption:
        "Means in ms, which add up as percentiles do not: as the client saw it, and as the server's own metrics page tells it.",
      unit: 'ms',
      format: formatMs,
      lines: [client, ...own],
    }),
  ];
}

function workPlot(context: PlotContext): PlotSpec[] {
  const lines = [
    ...levelLine(context, 'ai_server_requests_running', { name: 'running', colour: 3, dash: 'solid' }),
    ...levelLine(context, 'ai_server_requests_waiting', { name: 'waiting', colour: 4, dash: 'dashed' }),
  ];
  if (lines.length === 0) return [];
  return [
    timePlot(context, {
      id: 'server-work',
      title: 'Requests in the server',
      caption: 'Running and waiting by its own metrics page; the most in each time slice.',
      unit: '',
      format: formatCount,
      lines,
    }),
  ];
}

function cachePlot(context: PlotContext): PlotSpec[] {
  const name = 'ai_server_kv_cache_ratio';
  const lines = levelLine(context, name, { name: 'in use', colour: 5, dash: 'solid' });
  if (lines.length === 0) return [];
  return [
    timePlot(context, {
      id: 'server-cache',
      title: "The server's KV cache",
      caption: 'Share in use by its own metrics page; the most in each time slice.',
      unit: '',
      format: formatPercent,
      lines,
    }),
  ];
}

/** Gauges of files that somebody else wrote. */
function otherPlots(context: PlotContext): PlotSpec[] {
  const names = [...context.timeline.figures.metrics]
    .filter(([name, { type }]) => type === 'gauge' && !isKnown(name))
    .map(([name]) => name);
  return names.map((name, index) =>
    timePlot(context, {
      id: `server-${index}`,
      title: name,
      caption: `${name}, as the server's own metrics page gave it; the largest value in each time slice.`,
      unit: '',
      format: formatCount,
      lines: levelLine(context, name, { name, colour: 5, dash: 'solid' }),
    }),
  );
}

function isKnown(name: string): boolean {
  const metric = name.replace(/\{.*/, '');
  return Object.hasOwn(METRIC_SPECS, metric) || Object.hasOwn(K6_METRICS, metric);
}

function levelLine(
  { timeline }: PlotContext,
  metric: string,
  line: Omit<NamedMoments, 'moments'>,
): NamedMoments[] {
  return timeline.figures.metrics.has(metric) ? [{ ...line, moments: standing(timeline.level(metric)) }] : [];
}

/** The page is looked at every two seconds, and one look may be missed. */
const STANDS_SEC = 4.5;

/** What a look saw stands until the next one, where that is not long after: slices between have no look of their own. */
function standing(moments: readonly SlicePoint[]): SlicePoint[] {
  const filled = [...moments];
  let before = -1;
  for (const [at, { atSec, value }] of moments.entries()) {
    if (value === null) continue;
    const seen = moments[before];
    if (seen !== undefined && atSec - seen.atSec <= STANDS_SEC) {
      for (const [between, moment] of moments.slice(before + 1, at).entries())
        filled[before + 1 + between] = { ...moment, value: seen.value };
    }
    before = at;
  }
  return filled;
}
