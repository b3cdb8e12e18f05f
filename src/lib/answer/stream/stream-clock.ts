import type { Channel } from '../answer-state.ts';
import { NO_TIMES, type StreamTimes } from '../attempt.ts';

/** Fewer content events than this may well share a packet. */
const MIN_EVENTS = 5;
/** Servers that answer this fast can write a short answer in one go. */
const MIN_TTFT_MS = 50;
/** 1 % of the time to the first, at least 5 ms. */
const MAX_SPREAD_RATIO = 0.01;
const MIN_SPREAD_MS = 5;
/** No engine writes one stream faster: the quickest reach about 3,000 tokens/s (2026). */
const IMPOSSIBLE_EVENTS_PER_MS = 5;

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
      ...span,
      ttfoMs: this.#firstAnswerMs,
      stallMs: this.chunks > 1 ? this.#stallMs : null,
      gapsMs: this.#gapsMs,
      bufferedByProxy: wasHeldBack(span),
    };
  }
}

/**
 * Whether a proxy held the stream back: all of at least five content events came within 1 % of the time to the
 * first of them (at least 5 ms), faster than 5,000 a second, after 50 ms or more of silence. TTFT and TPOT of such
 * a stream tell about the proxy, not the model. A server that truly writes faster looks the same, hence the
 * conditions on the wait.
 */
export function wasHeldBack({
  chunks,
  ttftMs,
  lastOutputMs,
}: {
  chunks: number;
  ttftMs: number;
  lastOutputMs: number;
}): boolean {
  if (chunks < MIN_EVENTS || ttftMs < MIN_TTFT_MS) return false;
  const spreadMs = lastOutputMs - ttftMs;
  const isShort = spreadMs <= Math.max(MIN_SPREAD_MS, ttftMs * MAX_SPREAD_RATIO);
  return isShort && chunks - 1 > spreadMs * IMPOSSIBLE_EVENTS_PER_MS;
}
