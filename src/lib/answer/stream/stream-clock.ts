import type { Channel } from '../answer-state.ts';
import { wasHeldBack } from './held-back.ts';

/** The times of one stream's content events, ms from the moment the request was issued. null: none came, or not known. */
export type StreamTimes = {
  /** → first event with text, reasoning, refusal, tool name or arguments. */
  ttftMs: number | null;
  /** → first of them that is not reasoning. */
  ttfoMs: number | null;
  lastOutputMs: number | null;
  /** The largest gap between two of them; null below two. */
  stallMs: number | null;
  /** Every gap; null unless asked for. */
  gapsMs: readonly number[] | null;
  bufferedByProxy: boolean;
};

/** Of an answer in which no content event was seen, or none has a time. */
export const NO_TIMES: StreamTimes = {
  ttftMs: null,
  ttfoMs: null,
  lastOutputMs: null,
  stallMs: null,
  gapsMs: null,
  bufferedByProxy: false,
};

/** Follows the content events of one stream. */
export class StreamClock {
  /** Content events so far. */
  chunks = 0;
  #firstMs = 0;
  #firstAnswerMs: number | null = null;
  #lastMs = 0;
  #stallMs = 0;
  readonly #gapsMs: number[] | null;

  constructor(keepGaps: boolean) {
    this.#gapsMs = keepGaps ? [] : null;
  }

  content(channel: Channel, atMs: number): void {
    if (this.chunks === 0) {
      this.#firstMs = atMs;
    } else {
      const gapMs = atMs - this.#lastMs;
      if (gapMs > this.#stallMs) this.#stallMs = gapMs;
      if (this.#gapsMs !== null) this.#gapsMs.push(gapMs);
    }
    this.#lastMs = atMs;
    this.chunks += 1;
    this.alsoOn(channel, atMs);
  }

  /** The same event brought output on another channel too. */
  alsoOn(channel: Channel, atMs: number): void {
    if (this.#firstAnswerMs === null && channel !== 'reasoning') this.#firstAnswerMs = atMs;
  }

  times(): StreamTimes {
    if (this.chunks === 0) return { ...NO_TIMES, gapsMs: this.#gapsMs };
    const span = { chunks: this.chunks, ttftMs: this.#firstMs, lastOutputMs: this.#lastMs };
    return {
      ttftMs: this.#firstMs,
      ttfoMs: this.#firstAnswerMs,
      lastOutputMs: this.#lastMs,
      stallMs: this.chunks > 1 ? this.#stallMs : null,
      gapsMs: this.#gapsMs,
      bufferedByProxy: wasHeldBack(span),
    };
  }
}

/** What is known of a stream whose events have no times. */
export function withoutTimes(): StreamTimes {
  return NO_TIMES;
}
