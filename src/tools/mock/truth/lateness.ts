/** How late writes were, all in ms. Percentiles are exact to 2.2 %. */
export type Lateness = { count: number; mean: number; p50: number; p99: number; max: number };

const BUCKETS_PER_OCTAVE = 32;
/** 2^27 µs = 134 s: everything later shares the last bucket. */
const OCTAVES = 27;

/** A histogram of delays from 1 µs to two minutes with buckets 2.2 % wide: 7 kB, and no allocation to add. */
export class LatenessHistogram {
  readonly #counts = new Float64Array(OCTAVES * BUCKETS_PER_OCTAVE);
  #count = 0;
  #sumMs = 0;
  #maxMs = 0;

  /** Adds one delay, ms; a negative one counts as 0. */
  add(lateMs: number): void {
    const ms = lateMs > 0 ? lateMs : 0;
    const us = ms * 1000;
    const bucket = us <= 1 ? 0 : Math.ceil(Math.log2(us) * BUCKETS_PER_OCTAVE);
    const index = Math.min(bucket, this.#counts.length - 1);
    this.#counts[index] = (this.#counts[index] ?? 0) + 1;
    this.#count += 1;
    this.#sumMs += ms;
    if (ms > this.#maxMs) this.#maxMs = ms;
  }

  /** The figures so far; all 0 when nothing was added. */
  read(): Lateness {
    return {
      count: this.#count,
      mean: this.#count === 0 ? 0 : this.#sumMs / this.#count,
      p50: this.#percentileMs(0.5),
      p99: this.#percentileMs(0.99),
      max: this.#maxMs,
    };
  }

  reset(): void {
    this.#counts.fill(0);
    this.#count = 0;
    this.#sumMs = 0;
    this.#maxMs = 0;
  }

  /** Nearest rank; the upper edge of its bucket, at most the largest value seen. */
  #percentileMs(ratio: number): number {
    const rank = Math.ceil(this.#count * ratio);
    let seen = 0;
    for (let index = 0; index < this.#counts.length; index += 1) {
      seen += this.#counts[index] ?? 0;
      if (seen >= rank && seen > 0) return Math.min(2 ** (index / BUCKETS_PER_OCTAVE) / 1000, this.#maxMs);
    }
    return 0;
  }
}
