import type { Figures } from './figures.ts';
import { cumulate, Histogram, quantileOf } from './histogram.ts';
import { Tally } from './tally.ts';

/** One value a time slice; null where there is none. `atSec` is the slice's middle. */
export type SlicePoint = { atSec: number; value: number | null };

/** A last slice shorter than this share of a whole one has too little in it for a rate. */
const MIN_LAST_SHARE = 0.25;

/** What is drawn rests on at least this many samples. */
export const MIN_SAMPLES = 20;

/** Reads figures slice by slice. */
export class Timeline {
  readonly figures: Figures;
  readonly durationSec: number;
  readonly #count: number;
  readonly #stretchesByMetric = new Map<string, Stretch[]>();

  constructor(figures: Figures, durationMs: number) {
    this.figures = figures;
    // Answers may come after the load's end: slices that begin after it are whole ones.
    const lastStartMs = (figures.sliceCount() - 1) * figures.sliceMs;
    this.durationSec =
      Math.max(durationMs, lastStartMs < durationMs ? 0 : lastStartMs + figures.sliceMs) / 1000;
    this.#count = figures.sliceCount();
  }

  /**
   * A percentile of a Trend. Neighbouring slices are taken together until there are `MIN_SAMPLES` of them; where
   * nothing came for long, or too little is left, there is none.
   */
  quantile(metric: string, q: number): SlicePoint[] {
    return this.#ofStretches(metric, (histogram) => quantileOf(cumulate(histogram), q));
  }

  /** The mean of a Trend, of slices taken together likewise. */
  mean(metric: string): SlicePoint[] {
    return this.#ofStretches(metric, ({ sum, count }) => sum / count);
  }

  #ofStretches(metric: string, read: (histogram: Histogram) => number | null): SlicePoint[] {
    const values = new Map(
      this.#stretches(metric).flatMap(({ from, to, histogram }) => {
        const value = read(histogram);
        return Array.from({ length: to - from + 1 }, (_, at): [number, number | null] => [from + at, value]);
      }),
    );
    return this.#map(metric, (_cell, _widthSec, index) => values.get(index) ?? null);
  }

  #stretches(metric: string): Stretch[] {
    const known = this.#stretchesByMetric.get(metric);
    if (known !== undefined) return known;
    const cells = this.figures.metrics.get(metric)?.slices ?? [];
    const made = stretchesOf(Array.from(cells, (cell) => (cell instanceof Histogram ? cell : null)));
    this.#stretchesByMetric.set(metric, made);
    return made;
  }

  /** A Counter's growth per second; 0 in slices without a value. */
  perSecond(metric: string): SlicePoint[] {
    const { sliceMs } = this.figures;
    const moments = this.#map(
      metric,
      (cell, widthSec) => (cell instanceof Tally ? cell.total : 0) / widthSec,
    );
    const lastSec = this.durationSec - ((this.#count - 1) * sliceMs) / 1000;
    return lastSec < (MIN_LAST_SHARE * sliceMs) / 1000 ? moments.slice(0, -1) : moments;
  }

  /** A Counter's sum in each slice. */
  sums(metric: string): SlicePoint[] {
    return this.#map(metric, (cell) => (cell instanceof Tally ? cell.total : 0));
  }

  /** A Counter's sum so far. */
  cumulative(metric: string): SlicePoint[] {
    let sum = 0;
    return this.sums(metric).map(({ atSec, value }) => ({ atSec, value: (sum += value ?? 0) }));
  }

  /** A Gauge; null in slices where it was not read. */
  level(metric: string): SlicePoint[] {
    return this.#map(metric, (cell) => (cell instanceof Tally ? cell.total : null));
  }

  #map(
    metric: string,
    read: (cell: unknown, widthSec: number, index: number) => number | null,
  ): SlicePoint[] {
    const slices = this.figures.metrics.get(metric)?.slices ?? [];
    const sliceSec = this.figures.sliceMs / 1000;
    return Array.from({ length: this.#count }, (_, index) => {
      const fromSec = index * sliceSec;
      const widthSec = Math.max(0.001, Math.min(sliceSec, this.durationSec - fromSec));
      return { atSec: fromSec + widthSec / 2, value: read(slices[index], widthSec, index) };
    });
  }
}

/** Slices that are read as one, the last one included, and all of their samples. */
type Stretch = { from: number; to: number; histogram: Histogram };

function stretchesOf(cells: readonly (Histogram | null)[]): Stretch[] {
  const filled = cells.filter((cell) => cell !== null && cell.count > 0).length;
  const longGap = filled === 0 ? 0 : (3 * cells.length) / filled + 2;
  const made: Stretch[] = [];
  let open: Stretch | null = null;
  /** The last one that was made, unless nothing came for long since. */
  let before: Stretch | null = null;
  let lastFilled = -1;
  for (const [index, cell] of cells.entries()) {
    if (cell === null || cell.count === 0) continue;
    // An outage is no slow stretch: what came before it and after it are two.
    if (index - lastFilled > longGap) {
      join(before, open);
      [before, open] = [null, null];
    }
    lastFilled = index;
    open ??= { from: before === null ? index : before.to + 1, to: index, histogram: new Histogram() };
    open.to = index;
    open.histogram.add(cell);
    if (open.histogram.count < MIN_SAMPLES) continue;
    made.push(open);
    [before, open] = [open, null];
  }
  join(before, open);
  return made;
}

/** Too little for a value of its own belongs to what came before it. */
function join(before: Stretch | null, rest: Stretch | null): void {
  if (before === null || rest === null) return;
  before.to = rest.to;
  before.histogram.add(rest.histogram);
}
