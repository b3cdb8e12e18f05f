import type { SampleRecord } from '../../lib/samples/sample-fields.ts';
import { cumulate, Histogram, mergeHistograms, quantileOf } from '../results/figures/histogram.ts';

/** How far back "now" reaches: a rate needs few requests, and is to follow a ramp; a percentile needs more. */
const RATE_SEC = 5;
const TIMES_SEC = 10;

/** Of the last whole seconds; null where there is nothing to tell. */
export type RecentLoad = {
  /** Of the last five. */
  requestsPerSec: number;
  /** Of the last ten, as the next. */
  latencyP95Ms: number | null;
  ttftP95Ms: number | null;
};

type Second = { finished: number; latencyMs: Histogram; ttftMs: Histogram };

/** What the last seconds of a run were like, in the memory of a few histograms. */
export class RecentFigures {
  readonly #seconds = new Map<number, Second>();

  /** @param endsAtMs when the request ended, ms from the beginning of the load. */
  add({ latencyMs, ttftMs }: SampleRecord, endsAtMs: number): void {
    const at = Math.floor(endsAtMs / 1000);
    let second = this.#seconds.get(at);
    if (second === undefined) {
      second = { finished: 0, latencyMs: new Histogram(), ttftMs: new Histogram() };
      this.#seconds.set(at, second);
    }
    second.finished += 1;
    if (latencyMs !== null) second.latencyMs.put(latencyMs);
    if (ttftMs !== null) second.ttftMs.put(ttftMs);
  }

  /**
   * @param nowMs from the beginning of the load. The second that has not ended is left out: its requests are not all
   * known.
   */
  read(nowMs: number): RecentLoad {
    const until = Math.max(1, Math.floor(nowMs / 1000));
    const from = Math.max(0, until - TIMES_SEC);
    const rateFrom = Math.max(0, until - RATE_SEC);
    for (const at of this.#seconds.keys()) if (at < from) this.#seconds.delete(at);
    const seconds = [...this.#seconds].flatMap(([at, second]) => (at < until ? [second] : []));
    let finished = 0;
    for (let at = rateFrom; at < until; at++) finished += this.#seconds.get(at)?.finished ?? 0;
    return {
      requestsPerSec: finished / (until - rateFrom),
      latencyP95Ms: p95(seconds.map(({ latencyMs }) => latencyMs)),
      ttftP95Ms: p95(seconds.map(({ ttftMs }) => ttftMs)),
    };
  }
}

function p95(histograms: readonly Histogram[]): number | null {
  return quantileOf(cumulate(mergeHistograms(histograms)), 0.95);
}
