import type { PlannedLoad } from '../../../lib/samples/sample-header.ts';

/** `[x, y]`; y is null where nothing was measured. x in seconds of load, or in the plot's own unit. */
export type PlotPoint = readonly [number, number | null];

export type PlotLine = {
  name: string;
  /** Which colour of the palette, from 1 to 6. */
  colour: number;
  dash: 'solid' | 'dashed' | 'dotted';
  points: readonly PlotPoint[];
};

/** A table that says in numbers what the plot shows. */
export type PlotTable = { columns: readonly string[]; rows: readonly (readonly string[])[] };

/** What a plot shows; how it is drawn is `plot.ts`'s affair. */
export type PlotSpec = {
  /** Unique within the page. */
  id: string;
  title: string;
  /** One sentence: what is plotted, and in what unit. */
  caption: string;
  lines: readonly PlotLine[];
  /** `time`: seconds of load; `log`: a logarithmic scale of values; `value`: a plain one. */
  x: { kind: 'time'; maxSec: number } | { kind: 'log'; unit: string } | { kind: 'value'; unit: string };
  y: { unit: string; isShare: boolean };
  /** Areas on top of each other instead of lines. */
  stacked: boolean;
  /** Moments that are marked by a line across, in seconds of load. */
  marks?: readonly number[];
  /** Drawn behind, in a scale of its own. */
  planned: readonly PlannedLoad[];
  table: PlotTable;
};
