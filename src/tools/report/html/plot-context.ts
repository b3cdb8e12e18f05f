import type { PlannedLoad } from '../../../lib/samples/sample-header.ts';
import type { RunData } from '../../results/run-data.ts';
import type { SlicePoint, Timeline } from '../../results/timeline.ts';
import { timeLabel } from './plot.ts';
import type { PlotLine, PlotSpec, PlotTable } from './plot-spec.ts';

/** What every plot of a run is made from. */
export type PlotContext = {
  timeline: Timeline;
  run: RunData;
  /** Makes ids unique where a page has several runs. */
  prefix: string;
};

export type NamedMoments = {
  name: string;
  colour: number;
  dash: PlotLine['dash'];
  moments: readonly SlicePoint[];
};

/** A plot over time, with its table: one row a slice, one column a line. */
export function timePlot(
  { timeline, run, prefix }: PlotContext,
  spec: {
    id: string;
    title: string;
    caption: string;
    unit: string;
    lines: readonly NamedMoments[];
    format: (value: number | null) => string;
    stacked?: boolean;
  },
): PlotSpec {
  return {
    id: `${prefix}-${spec.id}`,
    title: spec.title,
    caption: spec.caption,
    lines: spec.lines.map(({ name, colour, dash, moments }) => ({
      name,
      colour,
      dash,
      points: moments.map(({ atSec, value }) => [atSec, value]),
    })),
    x: { kind: 'time', maxSec: Math.max(1, timeline.durationSec) },
    y: { unit: spec.unit, isShare: false },
    stacked: spec.stacked ?? false,
    // A load of so many requests has no shape.
    planned: run.stages.filter(({ points }) => points.length > 0),
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
