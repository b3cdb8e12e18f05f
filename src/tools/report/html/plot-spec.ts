import type { PlannedLoad } from '../../../lib/samples/sample-header.ts';

/** `[x, y]`; y is null where nothing was measured. x in seconds of load, or in the plot's own unit. */
export type PlotPoint = readonly [number, number | null];

export type PlotLine = {
  name: string;
  /** Which colour of its palette, from 1 to 6. */
  colour: number;
  /** Errors have colours of their own, so that no other line looks like one. */
  isError?: boolean;
  dash: 'solid' | 'dashed' | 'dotted';
  points: readonly PlotPoint[];
};

/** A table that says in numbers what the plot shows. */
export type PlotTable = { columns: readonly string[]; rows: readonly (readonly string[])[] };

/** A line across the plot: a limit that the run is held against. */
export type PlotLimit = { value: number; label: string };

/** A line up the plot: something happened there. */
export type PlotMark = { x: number; label: string };

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
  /** Drawn behind, in the plot's own unit. */
  planned: readonly PlannedLoad[];
  limits: readonly PlotLimit[];
  marks: readonly PlotMark[];
  table: PlotTable;
  /** What a pointer reads: at which x, and what stands there; null: the table's rows, one for each point of a line. */
  readings: readonly { x: number; cells: readonly string[] }[] | null;
};
