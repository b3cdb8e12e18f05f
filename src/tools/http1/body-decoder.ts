import { ChunkDecoder } from './chunk-decoder.ts';
import type { Framing } from './framing.ts';
import type { BodySink } from './body-sink.ts';

/** Takes the framing off a body cut anywhere. It never searches beyond the bytes it is given. */
export class BodyDecoder {
  readonly #sink: BodySink;
  readonly #chunks: ChunkDecoder | null;
  /** Bytes still to come; Infinity until the connection closes. */
  #left: number;

  constructor(framing: Framing, sink: BodySink) {
    this.#sink = sink;
    this.#chunks = framing.kind === 'chunked' ? new ChunkDecoder(sink) : null;
    this.#left = framing.kind === 'length' ? framing.bytes : framing.kind === 'none' ? 0 : Infinity;
  }

  /** The whole body was there. */
  get done(): boolean {
    return this.#chunks === null ? this.#left === 0 : this.#chunks.done;
  }

  /** Only the connection's end can end it. */
  get untilClose(): boolean {
    return this.#chunks === null && this.#left === Infinity;
  }

  /** What is wrong with the framing; null: nothing. */
  get fault(): string | null {
    return this.#chunks?.fault ?? null;
  }

  /** Takes bytes, and gives the index of the first that does not belong to the body. */
  decode(bytes: Buffer, start: number, end: number): number {
    if (this.#chunks !== null) return this.#chunks.decode(bytes, start, end);
    const to = Math.min(end, start + this.#left);
    this.#left -= to - start;
    if (to > start) this.#sink.onBody(bytes, start, to);
    return to;
  }
}
