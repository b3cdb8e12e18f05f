import type { Figure, Query } from './query.ts';

/** Units as Grafana names them; `suffix:` is its own way to write any other. */
export type BoardUnit =
  | 'ms'
  | 'percentunit'
  | 'currencyUSD'
  | 'short'
  | 'reqps'
  | 'suffix: tok/s'
  | 'suffix: /s'
  | 'suffix: ms/s';

/** Where a figure turns from good to bad, for its colour. */
export type Limits =
  | { good: 'low'; warnAt: number; badAt: number }
  | { good: 'high'; warnBelow: number; badBelow: number }
  /** No judgement: money and volume. */
  | { good: 'none' };

/** One big number. `width` and `height` in Grafana's grid of 24 columns. */
export type StatPanel = {
  kind: 'stat';
  title: string;
  /** Said before the metric's own meaning. */
  note: string;
  unit: BoardUnit;
  decimals?: number;
  limits: Limits;
  figure: Figure;
  width: number;
  height: number;
};

/** Lines, areas or bars over time. */
export type GraphPanel = {
  kind: 'graph';
  title: string;
  note: string;
  unit: BoardUnit;
  shape: 'lines' | 'stacked-bars' | 'stacked-areas';
  /** What the legend's table tells of each line. */
  calcs: readonly ('mean' | 'max' | 'lastNotNull' | 'sum')[];
  queries: readonly Query[];
  width: number;
  height: number;
};

export type BoardPanel = StatPanel | GraphPanel;

export type BoardRow = { title: string; collapsed: boolean; panels: readonly BoardPanel[] };

/** A graph with the usual size (half of the width) and legend. */
export function graph(
  spec: Pick<GraphPanel, 'title' | 'note' | 'unit' | 'queries'> & Partial<GraphPanel>,
): GraphPanel {
  return { kind: 'graph', shape: 'lines', calcs: ['mean', 'max'], width: 12, height: 9, ...spec };
}

/** A figure of the verdict row: an eighth of the width. */
export function stat(
  spec: Pick<StatPanel, 'title' | 'note' | 'unit' | 'figure'> & Partial<StatPanel>,
): StatPanel {
  return { kind: 'stat', limits: { good: 'none' }, width: 3, height: 5, ...spec };
}
