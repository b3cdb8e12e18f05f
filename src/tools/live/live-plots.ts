import { cumulate, quantileOf } from '../results/figures/histogram.ts';
import type { RunData } from '../results/read/run-data.ts';
import { livePlotFigure } from '../report/html/plot-figure.ts';
import type { PlotSpec } from '../report/html/plot-spec.ts';
import { PLOT_SIZES, type PlotSize } from '../report/html/plot.ts';
import { plotsFor } from '../report/html/plots.ts';
import type { RunEvent } from './run-events.ts';

/** Plots that are drawn anew in one go, so that a page costs the load generator's machine little. */
const DRAWN_AT_ONCE = 2;

/** More lines would hide the plot; the list of events has them all. */
const MAX_MARKS = 6;

/** The report's plots of a run that goes on. A few are drawn anew at each call, in turn. */
export class LivePlots {
  readonly #drawn = new Map<string, string>();
  #next = 0;
  readonly #size: PlotSize;

  constructor(size: PlotSize['name']) {
    const found = PLOT_SIZES.find(({ name }) => name === size);
    if (found === undefined) throw new Error(`there is no plot size ${size}`);
    this.#size = found;
  }

  /** All drawings, by the id of their place. */
  draw(run: RunData, events: readonly RunEvent[]): ReadonlyMap<string, string> {
    const marks = events.slice(0, MAX_MARKS).map(({ atMs, text }) => ({ x: atMs / 1000, label: text }));
    const { capacity, others } = plotsFor(run, 'live');
    const specs = [...capacity, ...others].map((spec) => ({
      ...withoutUnanswered(spec, run),
      marks: spec.x.kind === 'time' ? marks : spec.marks,
    }));
    for (const spec of specs) if (!this.#drawn.has(spec.id)) this.#drawOne(spec);
    const many = Math.min(DRAWN_AT_ONCE, specs.length);
    for (let count = 0; count < many; count++) {
      const spec = specs[this.#next++ % specs.length];
      if (spec !== undefined) this.#drawOne(spec);
    }
    return this.#drawn;
  }

  #drawOne(spec: PlotSpec): void {
    this.#drawn.set(spec.id, livePlotFigure(spec, this.#size).text);
  }
}

/** A request is known once it is answered: what was started in the last moments is not all known. */
function withoutUnanswered(spec: PlotSpec, { figures, summary }: RunData): PlotSpec {
  if (!spec.id.endsWith('-rate') || figures === null) return spec;
  const longestMs = quantileOf(cumulate(figures.trend('ai_latency_ms')), 0.99) ?? 0;
  const untilSec = ((summary.durationMs ?? 0) - longestMs) / 1000;
  return {
    ...spec,
    caption: `${spec.caption} A start is known once it is answered.`,
    lines: spec.lines.map((line) =>
      line.name === 'started' ? { ...line, points: line.points.filter(([atSec]) => atSec < untilSec) } : line,
    ),
  };
}
