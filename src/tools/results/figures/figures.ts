import type { MetricType } from '../../../lib/metrics/metric-list.ts';
import { Histogram, mergeHistograms } from './histogram.ts';
import { Tally } from './tally.ts';

/** The first width of a time slice; it doubles when a run has more than `MAX_SLICES` of them. */
export const FIRST_SLICE_MS = 1000;
export const MAX_SLICES = 150;

/** Four months: no run is longer, and what is later is no measurement. */
export const MAX_OFFSET_MS = 1e10;
/** Ours, k6's, and a server's gauges are below a hundred. */
const MAX_METRICS = 1000;
/** In place of the names of a part that are too many. */
export const OTHERS = '(others)';

/** Ways to divide a run, beside time. */
export const PARTS = ['model', 'scenario', 'provider', 'kind', 'window', 'step', 'turn'] as const;
export type Part = (typeof PARTS)[number];

/** Names of each part that are told apart: a histogram for each of them takes 13 kB a metric. */
export const MAX_NAMES: Readonly<Record<Part, number>> = {
  model: 100,
  scenario: 100,
  provider: 100,
  kind: 100,
  window: 1000,
  step: 1000,
  turn: 100,
};

/** What one part of a metric measured. */
type PartCell = { name: string; part: Part; value: string; cell: Cell };

/** The tag of k6's samples that holds each part's name. */
export const TAG_OF_PART: Readonly<Record<Part, string>> = {
  model: 'model',
  scenario: 'test_type',
  provider: 'provider',
  kind: 'kind',
  window: 'window',
  step: 'step',
  turn: 'turn',
};

/** The part that a tag names; null for a tag that divides nothing. */
export function partOfTag(tag: string): Part | null {
  return PARTS.find((part) => TAG_OF_PART[part] === tag) ?? null;
}

/** The tags of one value that decide which parts it counts in; null where it has none. */
export type Place = Readonly<Record<Part, string | null>>;

export type Cell = Histogram | Tally;

/** One metric of a run: as a whole, by time, by part. */
export type MetricFigures = {
  type: MetricType;
  all: Cell;
  /** By number of the slice. */
  slices: (Cell | undefined)[];
  parts: Readonly<Record<Part, Map<string, Cell>>>;
};

/** One value: what, how much, when (ms from the beginning of the load), where. */
export type Point = { name: string; type: MetricType; value: number; offsetMs: number; place: Place };

/**
 * What a run measured, in bounded memory however many samples it had: a histogram for each Trend, a sum for
 * each Counter and Rate, the largest value for each Gauge.
 */
export class Figures {
  sliceMs = FIRST_SLICE_MS;
  /** Some names of a part were beyond `MAX_NAMES`, and count as `OTHERS`. */
  hasOthers = false;
  /** Values that were not finite, below zero, outside of any run, or of one metric too many. */
  rejected = 0;
  readonly metrics = new Map<string, MetricFigures>();
  readonly #names: Readonly<Record<Part, Set<string>>> = {
    model: new Set(),
    scenario: new Set(),
    provider: new Set(),
    kind: new Set(),
    window: new Set(),
    step: new Set(),
    turn: new Set(),
  };
  readonly #onPoint: ((point: Point) => void) | null;

  /** `onPoint` is told each value that is added, for those who need more than figures. */
  constructor(onPoint: ((point: Point) => void) | null = null) {
    this.#onPoint = onPoint;
  }

  add(point: Point): void {
    const { name, type, value, offsetMs, place } = point;
    const isPossible = value >= 0 && value < Infinity && offsetMs <= MAX_OFFSET_MS;
    if (!isPossible || (this.metrics.size >= MAX_METRICS && !this.metrics.has(name))) {
      this.rejected += 1;
      return;
    }
    this.#onPoint?.(point);
    const metric = this.metric(name, type);
    metric.all.put(value);
    this.#cellAt(metric, name, offsetMs).put(value);
    for (const part of PARTS) {
      const named = place[part];
      if (named === null) continue;
      const key = this.#nameOf(part, named);
      const cells = metric.parts[part];
      let cell = cells.get(key);
      if (cell === undefined) cells.set(key, (cell = newCell(type, name)));
      cell.put(value);
    }
  }

  /** Puts what a part measured into its place: for those who read figures or join them. */
  addToPart(metric: MetricFigures, { name, part, value, cell }: PartCell): void {
    const key = this.#nameOf(part, value);
    let own = metric.parts[part].get(key);
    if (own === undefined) metric.parts[part].set(key, (own = newCell(metric.type, name)));
    addCell(own, cell);
  }

  /** The name under which a part counts: files and servers may name any number of them. */
  #nameOf(part: Part, name: string): string {
    const known = this.#names[part];
    if (known.has(name)) return name;
    if (known.size >= MAX_NAMES[part]) {
      this.hasOthers = true;
      return OTHERS;
    }
    known.add(name);
    return name;
  }

  /** Takes one back of what a Counter counts: a request that was counted as started and was not sent. */
  takeBackOne(name: string, place: Place): void {
    const metric = this.metrics.get(name);
    const ofParts = PARTS.map((part) => metric?.parts[part].get(place[part] ?? ''));
    for (const cell of [metric?.all, metric?.slices.findLast((slice) => slice !== undefined), ...ofParts]) {
      if (cell instanceof Tally && cell.kind === 'sum' && cell.total > 0) cell.total -= 1;
    }
  }

  /** The metric, made if missing. */
  metric(name: string, type: MetricType): MetricFigures {
    let metric = this.metrics.get(name);
    if (metric === undefined) {
      metric = { type, all: newCell(type, name), slices: [], parts: noParts() };
      this.metrics.set(name, metric);
    }
    return metric;
  }

  #cellAt(metric: MetricFigures, name: string, offsetMs: number): Cell {
    while (offsetMs >= this.sliceMs * MAX_SLICES) this.widenTo(this.sliceMs * 2);
    const index = Math.max(0, Math.floor(offsetMs / this.sliceMs));
    return (metric.slices[index] ??= newCell(metric.type, name));
  }

  /** Joins slices until each is `sliceMs` wide; a power of two times the present width. */
  widenTo(sliceMs: number): void {
    while (this.sliceMs < sliceMs) {
      for (const metric of this.metrics.values()) metric.slices = joinPairs(metric);
      this.sliceMs *= 2;
    }
  }

  /** Adds what another run measured at the same time: machines of one distributed run. */
  merge(other: Figures): void {
    const sliceMs = Math.max(this.sliceMs, other.sliceMs);
    this.widenTo(sliceMs);
    other.widenTo(sliceMs);
    this.rejected += other.rejected;
    for (const [name, theirs] of other.metrics) {
      const ours = this.metric(name, theirs.type);
      addCell(ours.all, theirs.all);
      for (const [index, cell] of theirs.slices.entries()) {
        if (cell !== undefined) addCell((ours.slices[index] ??= newCell(theirs.type, name)), cell);
      }
      for (const part of PARTS) {
        for (const [value, cell] of theirs.parts[part]) this.addToPart(ours, { name, part, value, cell });
      }
    }
  }

  /** A Counter's sum, a Rate's hits, or a Gauge's largest value, as a whole; 0 when it got none. */
  total(name: string): number {
    const cell = this.metrics.get(name)?.all;
    return cell instanceof Tally ? cell.total : 0;
  }

  /** Hits and trials of a Rate as a whole. */
  rate(name: string): { hits: number; trials: number; ratio: number | null } {
    const cell = this.metrics.get(name)?.all;
    if (!(cell instanceof Tally)) return { hits: 0, trials: 0, ratio: null };
    return { hits: cell.total, trials: cell.count, ratio: cell.ratio() };
  }

  /** A Trend as a whole; empty when it got no sample. */
  trend(name: string): Histogram {
    const cell = this.metrics.get(name)?.all;
    return cell instanceof Histogram ? cell : new Histogram();
  }

  /** Every value of a part that any metric has, in order of first appearance. */
  partNames(part: Part): string[] {
    const names = new Set<string>();
    for (const metric of this.metrics.values()) for (const name of metric.parts[part].keys()) names.add(name);
    return [...names];
  }

  /** One part's share, as figures of their own (without time). */
  only(part: Part, value: string): Figures {
    const figures = new Figures();
    for (const [name, metric] of this.metrics) {
      const cell = metric.parts[part].get(value);
      if (cell !== undefined) addCell(figures.metric(name, metric.type).all, cell);
    }
    return figures;
  }

  /** How many slices there are. */
  sliceCount(): number {
    return Math.max(0, ...[...this.metrics.values()].map(({ slices }) => slices.length));
  }
}

function noParts(): MetricFigures['parts'] {
  return {
    model: new Map(),
    scenario: new Map(),
    provider: new Map(),
    kind: new Map(),
    window: new Map(),
    step: new Map(),
    turn: new Map(),
  };
}

/** A value that belongs to no part. */
export const NOWHERE: Place = {
  model: null,
  scenario: null,
  provider: null,
  kind: null,
  window: null,
  step: null,
  turn: null,
};

/** The Counter of one tag value, `ai_errors{kind:timeout}`. */
export function taggedName(metric: string, tag: string, value: string): string {
  return `${metric}{${tag}:${value}}`;
}

/** An empty cell of the right kind. */
export function newCell(type: MetricType, name: string): Cell {
  if (type === 'trend') return new Histogram();
  if (type === 'counter') return new Tally('sum');
  if (type === 'rate') return new Tally('rate');
  return new Tally(ADDS_UP.has(name) ? 'level' : 'largest');
}

/** Gauges whose values on several machines add up. */
const ADDS_UP: ReadonlySet<string> = new Set(['vus', 'vus_max']);

/** Adds one cell to another of the same kind. */
export function addCell(into: Cell, from: Cell): void {
  if (into instanceof Histogram && from instanceof Histogram) into.add(from);
  else if (into instanceof Tally && from instanceof Tally) into.add(from);
}

function joinPairs({ slices }: MetricFigures): (Cell | undefined)[] {
  const joined: (Cell | undefined)[] = [];
  for (let index = 0; index < slices.length; index += 2) {
    const [left, right] = [slices[index], slices[index + 1]];
    joined[index / 2] =
      left instanceof Histogram && right instanceof Histogram
        ? mergeHistograms([left, right])
        : left instanceof Tally && right instanceof Tally
          ? left.joinedInTime(right)
          : (left ?? right);
  }
  return joined;
}
