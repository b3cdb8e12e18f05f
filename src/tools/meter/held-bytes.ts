/** Most bytes that all answers together may have in waiting: lines and bodies whose end has not come. */
export const MAX_HELD_BYTES = 512 * 1024 * 1024;

/** Counts what all requests of a meter keep in memory, so that many large answers at once fail, and not the meter. */
export class HeldBytes {
  readonly #maxBytes: number;
  #bytes = 0;

  constructor(maxBytes = MAX_HELD_BYTES) {
    this.#maxBytes = maxBytes;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Takes `bytes` more, or gives them back when below 0; false: that is too much. */
  take(bytes: number): boolean {
    this.#bytes += bytes;
    return bytes <= 0 || this.#bytes <= this.#maxBytes;
  }
}
