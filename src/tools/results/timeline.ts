import type { Figures } from './run-figures.ts';
import { cumulate, Histogram, quantileOf } from './histogram.ts';
import { Tally } from './ratio-tally.ts';

/** One value a time slice; null where there is none. `atSec` is the slice's middle. */
export type SlicePoint = { atSec: number; value: number | null };

/** A last slice shorter than this share of a whole one has too little in it for a rate. */
const MIN_LAST_SHARE = 0.25;

/** Reads figures slice by slice. */
export class Timeline {
  readonly figures: Figures;
  readonly durationSec: number;
  readonly #count: number;

  constructor(figures: Figures, durationMs: number) {
    this.figures = figures;
    // Answers may come after the load's end: slices that begin after it are whole ones.
    const lastStartMs = (figures.sliceCount() - 1) * figures.sliceMs;
    this.durationSec =
      Math.max(durationMs, lastStartMs < durationMs ? 0 : lastStartMs + figures.sliceMs) / 1000;
    this.#count = figures.sliceCount();
  }

  /** A percentile of a Trend. */
  quantile(metric: string, q: number): SlicePoint[] {
    return this.#map(metric, (cell) =>
      cell instanceof Histogram && cell.count > 0 ? quantileOf(cumulate(cell), q) : null,
    );
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

  #map(metric: string, read: (cell: unknown, widthSec: number) => number | null): SlicePoint[] {
    const slices = this.figures.metrics.get(metric)?.slices ?? [];
    const sliceSec = this.figures.sliceMs / 1000;
    return Array.from({ length: this.#count }, (_, index) => {
      const fromSec = index * sliceSec;
      const widthSec = Math.max(0.001, Math.min(sliceSec, this.durationSec - fromSec));
      return { atSec: fromSec + widthSec / 2, value: read(slices[index], widthSec) };
    });
  }
}
