import { type Cell, type Figures, type Part, type Point } from '../results/figures/figures.ts';
import { Histogram } from '../results/figures/histogram.ts';
import { readSamples } from '../results/read/read-samples.ts';
import type { RunData } from '../results/read/run-data.ts';
import { Tally } from '../results/figures/tally.ts';

/** Values of one Trend: distinct ones in ascending order, and how often each came in each block of time. */
export type TrendBlocks = {
  values: Float64Array;
  blocks: readonly { bins: Uint32Array; counts: Float64Array }[];
  count: number;
};

/** Sums of one Counter or Rate in each block of time; `trials` for Rates. */
export type TallyBlocks = { totals: Float64Array; trials: Float64Array };

/**
 * A run cut into blocks of time of equal length. Requests close in time resemble each other: how much is told from
 * how blocks follow each other.
 */
export type RunBlocks = {
  blockCount: number;
  durationSec: number;
  trend: (metric: string, part: PartChoice) => TrendBlocks | null;
  tally: (metric: string, part: PartChoice) => TallyBlocks | null;
};

export type PartChoice = { part: Part; value: string } | null;

/** Values themselves are kept up to here; more are read from histograms, 0.4 % off at most. */
const MAX_RAW_VALUES = 50_000;

/** Points of a run's Trends, as they were: what a comparison is made from where samples are at hand. */
export type RawPoints = ReadonlyMap<string, readonly Point[]>;

/** Reads a run's samples again for their single values; null where there are none, or too many. */
export async function readRawPoints(run: RunData): Promise<RawPoints | null> {
  if (run.samplesPath === null) return null;
  for (const { all } of run.figures?.metrics.values() ?? []) if (all.count > MAX_RAW_VALUES) return null;
  const points = new Map<string, Point[]>();
  let isTooLarge = false;
  await readSamples(run.samplesPath, {
    onPoint: (point) => {
      const known = points.get(point.name) ?? [];
      if (known.length === 0) points.set(point.name, known);
      if (known.length < MAX_RAW_VALUES) known.push(point);
      else isTooLarge = true;
    },
  });
  return isTooLarge ? null : points;
}

/** Cuts a run into blocks: from its single values where they are given, else from its time slices. */
export function blocksOf(
  { figures, summary }: RunData,
  { raw, blockCount }: { raw: RawPoints | null; blockCount: number },
): RunBlocks {
  const durationMs = Math.max(1, summary.durationMs ?? 0);
  const blockAt = (offsetMs: number): number =>
    Math.max(0, Math.min(blockCount - 1, Math.floor((offsetMs / durationMs) * blockCount)));
  const shared = { blockCount, durationSec: durationMs / 1000 };
  if (raw !== null) {
    const chosen = (metric: string, choice: PartChoice): readonly Point[] =>
      (raw.get(metric) ?? []).filter(({ place }) => choice === null || place[choice.part] === choice.value);
    return {
      ...shared,
      trend: once((metric, choice) => trendFromPoints(chosen(metric, choice), { blockCount, blockAt })),
      tally: (metric, choice) => tallyFromPoints(chosen(metric, choice), { blockCount, blockAt }),
    };
  }
  const slices = (metric: string, choice: PartChoice): readonly Slice[] =>
    figures === null ? [] : slicesOf(figures, metric, choice);
  return {
    ...shared,
    trend: once((metric, choice) => trendFromSlices(slices(metric, choice), { blockCount, blockAt })),
    tally: (metric, choice) => tallyFromSlices(slices(metric, choice), { blockCount, blockAt }),
  };
}

/** A run by its own time slices; without figures it has nothing in them. */
export function slicedBlocks(run: RunData): RunBlocks {
  const sliceMs = run.figures?.sliceMs ?? Infinity;
  const blockCount = Math.max(1, Math.floor((run.summary.durationMs ?? 0) / sliceMs));
  return blocksOf(run, { raw: null, blockCount });
}

/** Several measures read one Trend: it is cut once. */
function once(cut: RunBlocks['trend']): RunBlocks['trend'] {
  const known = new Map<string, TrendBlocks | null>();
  return (metric, choice) => {
    const key = JSON.stringify([metric, choice?.part, choice?.value]);
    const found = known.get(key);
    if (found !== undefined) return found;
    const made = cut(metric, choice);
    known.set(key, made);
    return made;
  };
}

type Cut = { blockCount: number; blockAt: (offsetMs: number) => number };

type Slice = { offsetMs: number; cell: Cell };

/** Histograms by part have no times: such a part is one block, which says nothing of its own noise. */
function slicesOf(figures: Figures, metric: string, choice: PartChoice): readonly Slice[] {
  const known = figures.metrics.get(metric);
  if (known === undefined) return [];
  if (choice !== null) {
    const cell = known.parts[choice.part].get(choice.value);
    return cell === undefined ? [] : [{ offsetMs: 0, cell }];
  }
  return known.slices.flatMap((cell, index) =>
    cell === undefined ? [] : [{ offsetMs: (index + 0.5) * figures.sliceMs, cell }],
  );
}

function trendFromPoints(points: readonly Point[], { blockCount, blockAt }: Cut): TrendBlocks | null {
  if (points.length === 0) return null;
  const tables = emptyTables(blockCount);
  for (const { value, offsetMs } of points) addTo(tables[blockAt(offsetMs)], value, 1);
  return toTrend(tables);
}

function trendFromSlices(slices: readonly Slice[], { blockCount, blockAt }: Cut): TrendBlocks | null {
  const tables = emptyTables(blockCount);
  for (const { offsetMs, cell } of slices) {
    if (!(cell instanceof Histogram)) return null;
    for (const { value, count } of cell.bins()) addTo(tables[blockAt(offsetMs)], value, count);
  }
  return tables.every((table) => table.size === 0) ? null : toTrend(tables);
}

function emptyTables(blockCount: number): Map<number, number>[] {
  return Array.from({ length: blockCount }, () => new Map<number, number>());
}

function addTo(table: Map<number, number> | undefined, value: number, count: number): void {
  table?.set(value, (table.get(value) ?? 0) + count);
}

function toTrend(tables: readonly Map<number, number>[]): TrendBlocks {
  const values = Float64Array.from(new Set(tables.flatMap((table) => [...table.keys()]))).sort();
  const binOf = new Map<number, number>();
  for (const [bin, value] of values.entries()) binOf.set(value, bin);
  let count = 0;
  const blocks = tables.map((table) => {
    const bins = Uint32Array.from(table.keys(), (value) => binOf.get(value) ?? 0);
    const counts = Float64Array.from(table.values());
    count += counts.reduce((sum, times) => sum + times, 0);
    return { bins, counts };
  });
  return { values, blocks, count };
}

function tallyFromPoints(points: readonly Point[], { blockCount, blockAt }: Cut): TallyBlocks | null {
  if (points.length === 0) return null;
  const tally = emptyTally(blockCount);
  for (const { value, offsetMs } of points) addToTally(tally, blockAt(offsetMs), { total: value, count: 1 });
  return tally;
}

function tallyFromSlices(slices: readonly Slice[], { blockCount, blockAt }: Cut): TallyBlocks | null {
  if (slices.length === 0) return null;
  const tally = emptyTally(blockCount);
  for (const { offsetMs, cell } of slices) {
    if (!(cell instanceof Tally)) return null;
    addToTally(tally, blockAt(offsetMs), cell);
  }
  return tally;
}

function emptyTally(blockCount: number): TallyBlocks {
  return { totals: new Float64Array(blockCount), trials: new Float64Array(blockCount) };
}

function addToTally(
  tally: TallyBlocks,
  block: number,
  { total, count }: { total: number; count: number },
): void {
  tally.totals[block] = (tally.totals[block] ?? 0) + total;
  tally.trials[block] = (tally.trials[block] ?? 0) + count;
}
