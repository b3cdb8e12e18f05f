import { formatCount, formatMs, formatPercent, formatRate } from '../../../lib/text/format.ts';
import { reachedOf, stepVerdict } from '../../../lib/summary/breaking-point.ts';
import type { Step, Summary, Stats } from '../../../lib/summary/summary.ts';
import { MIN_SAMPLES } from '../../results/figures/timeline.ts';
import { limitsOf } from './plot-limits.ts';
import type { PlotContext } from './plot-context.ts';
import type { PlotLine, PlotMark, PlotSpec, PlotTable } from './plot-spec.ts';

/** The capacity curve of `breakpoint`: how latency grows with load, and what the server delivers of it. */
export function capacityPlots({ run, prefix }: PlotContext): PlotSpec[] {
  const all = run.summary.steps ?? [];
  const steps = all.filter(isWhole);
  if (steps.length < 2) return [];
  const base = {
    x: { kind: 'value' as const, unit: '/s' },
    stacked: false,
    planned: [],
    marks: brokeAt(steps),
    table: stepTable(all),
    readings: null,
  };
  return [
    {
      ...base,
      id: `${prefix}-capacity`,
      title: 'Capacity: latency by offered rate',
      caption: 'Each step of the load: its rate, and the latency and TTFT of the answers to it, in ms.',
      lines: latencyLines(steps),
      y: { unit: 'ms', isShare: false },
      limits: limitsOfSteps(run.summary),
    },
    {
      ...base,
      id: `${prefix}-throughput`,
      title: 'Capacity: what was answered in the end',
      caption:
        'Requests of each step that were answered well, late ones too, per second of the step. Below the dotted line some were dropped or failed; that a queue grew shows in the latency.',
      lines: [
        lineOf(steps, { name: 'answered', colour: 3, read: answeredPerSec }),
        {
          ...lineOf(steps, { name: 'offered', colour: 6, read: ({ ratePerSec }) => ratePerSec }),
          dash: 'dotted',
        },
      ],
      y: { unit: '/s', isShare: false },
      limits: [],
    },
  ];
}

function latencyLines(steps: readonly Step[]): PlotLine[] {
  const lines = [
    lineOf(steps, {
      name: 'latency p50',
      colour: 1,
      read: ({ latencyMs }) => enough(latencyMs)?.p50 ?? null,
    }),
    lineOf(steps, {
      name: 'latency p95',
      colour: 2,
      read: ({ latencyMs }) => enough(latencyMs)?.p95 ?? null,
    }),
    lineOf(steps, { name: 'TTFT p95', colour: 5, read: ({ ttftMs }) => enough(ttftMs)?.p95 ?? null }),
  ];
  return lines.filter(({ points }) => points.some(([, y]) => y !== null));
}

function lineOf(
  steps: readonly Step[],
  { name, colour, read }: { name: string; colour: number; read: (step: Step) => number | null },
): PlotLine {
  return { name, colour, dash: 'solid', points: steps.map((step) => [step.ratePerSec, read(step)]) };
}

/** Nothing is drawn of a handful of answers. */
function enough(figures: Stats): Stats | null {
  return (figures.count ?? 0) >= MIN_SAMPLES ? figures : null;
}

/** A step that the run ended in would be half a point, unless it is what broke it. */
function isWhole(step: Step): boolean {
  const { achievedPerSec, errorRatio, latencyMs, ok } = step;
  const wasAsked = latencyMs.count !== 0 || errorRatio !== null || (achievedPerSec ?? 0) > 0;
  return wasAsked && (reachedOf(step) === 'whole' || ok === false);
}

function answeredPerSec({ achievedPerSec, errorRatio }: Step): number | null {
  return achievedPerSec === null ? null : achievedPerSec * (1 - (errorRatio ?? 0));
}

/** The knee: the first step that broke. */
function brokeAt(steps: readonly Step[]): PlotMark[] {
  const broken = steps.find(({ ok }) => ok === false);
  return broken === undefined
    ? []
    : [{ x: broken.ratePerSec, label: `broke at ${formatRate(broken.ratePerSec)}/s` }];
}

/** Each step is judged by the same expressions: one line for each. */
function limitsOfSteps(summary: Summary): PlotSpec['limits'] {
  const metrics = ['ai_latency_ms', 'ai_ttft_ms'];
  const own = summary.thresholds.map(({ metric, ...rest }) => ({
    ...rest,
    metric: metrics.find((name) => metric === name || metric.startsWith(`${name}{step:`)) ?? metric,
  }));
  const all = metrics.flatMap((metric) =>
    limitsOf({ ...summary, thresholds: own }, metric).map(({ value, label }) => ({
      value,
      label: `${metric === 'ai_ttft_ms' ? 'TTFT' : 'latency'} ${label}`,
    })),
  );
  return all.filter(({ label }, index) => all.findIndex((other) => other.label === label) === index);
}

function stepTable(steps: readonly Step[]): PlotTable {
  return {
    columns: [
      'offered /s',
      'achieved /s',
      'answers',
      'p50 ms',
      'p95 ms',
      'TTFT p95 ms',
      'failed',
      'goodput',
      'verdict',
    ],
    rows: steps.map((step) => [
      formatRate(step.ratePerSec),
      formatRate(step.achievedPerSec),
      formatCount(step.latencyMs.count),
      formatMs(step.latencyMs.p50),
      formatMs(step.latencyMs.p95),
      formatMs(step.ttftMs.p95),
      formatPercent(step.errorRatio),
      formatPercent(step.goodputRatio),
      stepVerdict(step),
    ]),
  };
}
