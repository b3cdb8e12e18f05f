import { type IntervalHistogram, monitorEventLoopDelay } from 'node:perf_hooks';

/** How late this process's event loop was, ms. What it reads late, it stamps late. */
export type LoopDelay = { p50Ms: number; p99Ms: number; maxMs: number };

const NONE: LoopDelay = { p50Ms: 0, p99Ms: 0, maxMs: 0 };
/** Its timer looks so often; finer costs CPU that the streams need. */
const RESOLUTION_MS = 10;
const WINDOW_MS = 2000;
const NS_PER_MS = 1e6;

/** Watches the event loop: since the start, and over the last two to four seconds. */
export class LoopDelayMonitor {
  readonly #whole: IntervalHistogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  readonly #window: IntervalHistogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  readonly #timer: NodeJS.Timeout;
  #lastWindow: LoopDelay = NONE;

  constructor() {
    this.#whole.enable();
    this.#window.enable();
    this.#timer = setInterval(() => this.#turn(), WINDOW_MS);
    this.#timer.unref();
  }

  /** Since the start, or the last `reset`. */
  get whole(): LoopDelay {
    return read(this.#whole);
  }

  /** 99th percentile of the last complete window of two seconds, ms. */
  get recentP99Ms(): number {
    return this.#lastWindow.p99Ms;
  }

  /** Forgets everything: what came before was not load. */
  reset(): void {
    this.#whole.reset();
    this.#window.reset();
    this.#lastWindow = NONE;
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#whole.disable();
    this.#window.disable();
  }

  #turn(): void {
    this.#lastWindow = read(this.#window);
    this.#window.reset();
  }
}

function read(histogram: IntervalHistogram): LoopDelay {
  if (histogram.count === 0) return NONE;
  return {
    p50Ms: delayMs(histogram.percentile(50)),
    p99Ms: delayMs(histogram.percentile(99)),
    maxMs: delayMs(histogram.max),
  };
}

/** The histogram holds the times between two looks: what is beyond the resolution is delay. */
function delayMs(ns: number): number {
  return Math.max(0, ns / NS_PER_MS - RESOLUTION_MS);
}
