/** How many of something were open at a time, from when each began and ended. */
export class OpenRequests {
  readonly #begins: Float64Array;
  readonly #ends: Float64Array;
  /** Of open ones, up to each change: for means over a stretch of time. */
  readonly #times: Float64Array;
  readonly #areas: Float64Array;

  constructor(stretches: readonly { fromMs: number; toMs: number }[]) {
    this.#begins = Float64Array.from(stretches, ({ fromMs }) => fromMs).sort();
    this.#ends = Float64Array.from(stretches, ({ toMs }) => toMs).sort();
    this.#times = Float64Array.from([...this.#begins, ...this.#ends]).sort();
    let area = 0;
    this.#areas = this.#times.map((time, at) => {
      const before = this.#times[at - 1] ?? time;
      return (area += (time - before) * this.at(before));
    });
  }

  /** Open at a time, those that begin then included and those that end then not. */
  at(timeMs: number): number {
    return upTo(this.#begins, timeMs) - upTo(this.#ends, timeMs);
  }

  /** Mean number between two times. */
  mean(fromMs: number, toMs: number): number {
    return toMs > fromMs ? (this.#areaTo(toMs) - this.#areaTo(fromMs)) / (toMs - fromMs) : this.at(fromMs);
  }

  #areaTo(timeMs: number): number {
    const index = upTo(this.#times, timeMs) - 1;
    const time = this.#times[index];
    if (time === undefined) return 0;
    return (this.#areas[index] ?? 0) + (timeMs - time) * this.at(time);
  }
}

/** How many of ascending values are not above one. */
function upTo(ascending: Float64Array, value: number): number {
  let [low, high] = [0, ascending.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ascending[middle] ?? 0) <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}
