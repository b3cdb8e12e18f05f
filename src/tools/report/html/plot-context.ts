import type { PlannedLoad } from '../../../lib/samples/sample-header.ts';
import type { RunData } from '../../results/read/run-data.ts';
import type { SlicePoint, Timeline } from '../../results/figures/timeline.ts';
import { timeLabel } from './plot.ts';
import type { PlotLimit, PlotLine, PlotMark, PlotSpec, PlotTable } from './plot-spec.ts';

/** What every plot of a run is made from. */
export type PlotContext = {
  timeline: Timeline;
  run: RunData;
  /** Makes ids unique where a page has several runs. */
  prefix: string;
  /** Where something first broke, on the axis of time; empty when nothing did, or nobody knows when. */
  brokeFirst: readonly PlotMark[];
};

export type NamedMoments = {
  name: string;
  colour: number;
  isError?: boolean;
  dash: PlotLine['dash'];
  moments: readonly SlicePoint[];
};

/** A plot over time, with its table: one row a slice, one column a line. */
export function timePlot(
  { timeline, run, prefix, brokeFirst }: PlotContext,
  spec: {
    id: string;
    title: string;
    caption: string;
    unit: string;
    lines: readonly NamedMoments[];
    format: (value: number | null) => string;
    stacked?: boolean;
    /** The unit of the plan that belongs behind it: a rate behind rates, VUs behind VUs. */
    plan?: PlannedLoad['unit'];
    limits?: readonly PlotLimit[];
  },
): PlotSpec {
  return {
    id: `${prefix}-${spec.id}`,
    title: spec.title,
    caption: spec.caption,
    lines: spec.lines.map(({ name, colour, isError, dash, moments }) => ({
      name,
      colour,
      isError: isError ?? false,
      dash,
      points: moments.map(({ atSec, value }) => [atSec, value]),
    })),
    x: { kind: 'time', maxSec: Math.max(1, timeline.durationSec) },
    y: { unit: spec.unit, isShare: false },
    stacked: spec.stacked ?? false,
    // A load of so many requests has no shape.
    planned: run.stages.filter(({ unit, points }) => unit === spec.plan && points.length > 0),
    limits: spec.limits ?? [],
    marks: brokeFirst,
    readings: null,
    table: timeTable(timeline, spec.lines, spec.format),
  };
}

function timeTable(
  { figures }: Timeline,
  lines: readonly NamedMoments[],
  format: (value: number | null) => string,
): PlotTable {
  const length = Math.max(0, ...lines.map(({ moments }) => moments.length));
  const rows = Array.from({ length }, (_, index) => [
    timeLabel((index * figures.sliceMs) / 1000),
    ...lines.map(({ moments }) => format(moments[index]?.value ?? null)),
  ]);
  return { columns: ['from', ...lines.map(({ name }) => name)], rows };
}

/** What the grey shape behind a plot is, in words; empty when nothing is known of the plan. */
export function plannedWords(planned: readonly PlannedLoad[]): string {
  if (planned.length === 0) return '';
  const peaks = planned.map(({ testType, unit, points }) => {
    const peak = Math.max(...points.map(([, target]) => target));
    const name = planned.length > 1 ? `${testType} ` : '';
    return `${name}to ${Number(peak.toPrecision(3))}${unit === 'vus' ? ' VUs' : '/s'}`;
  });
  return `planned load, ${peaks.join(', ')}`;
}
