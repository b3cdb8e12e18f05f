import type { BodySink } from './body-sink.ts';
import { MAX_HEAD_BYTES } from './message-head.ts';

/** Where in the chunked coding (RFC 9112, section 7.1) the next byte stands. */
type State = 'size' | 'extension' | 'size-lf' | 'data' | 'data-cr' | 'data-lf' | 'trailer' | 'done' | 'bad';

const CR = 0x0d;
const LF = 0x0a;
const SEMICOLON = 0x3b;
const SPACE = 0x20;
const TAB = 0x09;
/** 16^10 bytes: far beyond any body, and still exact in a number. */
const MAX_SIZE_DIGITS = 10;

/** Undoes the chunked coding, cut anywhere. Data is handed on as it comes, not chunk by chunk. */
export class ChunkDecoder {
  readonly #sink: BodySink;
  #state: State = 'size';
  /** Of the chunk: first the size as far as it was read, then what is left of its data. */
  #left = 0;
  #sizeDigits = 0;
  /** Bytes of extensions and trailers since the last data: bounded, for nobody reads them. */
  #ignoredBytes = 0;
  /** The present trailer line is empty so far. */
  #lineEmpty = true;
  #fault: string | null = null;

  constructor(sink: BodySink) {
    this.#sink = sink;
  }

  get done(): boolean {
    return this.#state === 'done';
  }

  get fault(): string | null {
    return this.#fault;
  }

  /** Takes bytes, and gives the index of the first behind the body. */
  decode(bytes: Buffer, start: number, end: number): number {
    let at = start;
    while (at < end && this.#state !== 'done' && this.#state !== 'bad') {
      if (this.#state === 'data') at = this.#takeData(bytes, at, end);
      else this.#takeByte(bytes[at++] ?? 0);
    }
    return at;
  }

  #takeData(bytes: Buffer, start: number, end: number): number {
    const to = Math.min(end, start + this.#left);
    this.#left -= to - start;
    if (this.#left === 0) this.#state = 'data-cr';
    this.#sink.onBody(bytes, start, to);
    return to;
  }

  #takeByte(byte: number): void {
    switch (this.#state) {
      case 'size':
        this.#takeSize(byte);
        return;
      case 'extension':
        if (byte === CR) this.#state = 'size-lf';
        else if (byte === LF) this.#endSize();
        else this.#ignore('chunk extension');
        return;
      case 'size-lf':
        if (byte === LF) this.#endSize();
        else this.#fail('no line feed after a chunk size');
        return;
      case 'data-cr':
        if (byte === CR) this.#state = 'data-lf';
        else this.#endData(byte);
        return;
      case 'data-lf':
        this.#endData(byte);
        return;
      case 'trailer':
        this.#takeTrailer(byte);
        return;
      case 'data':
      case 'done':
      case 'bad':
        return;
      default:
        return unreachable(this.#state);
    }
  }

  #takeSize(byte: number): void {
    const digit = hexDigit(byte);
    if (digit >= 0) {
      this.#left = this.#left * 16 + digit;
      this.#sizeDigits += 1;
      if (this.#sizeDigits > MAX_SIZE_DIGITS) this.#fail('a chunk size is too long');
    } else if (this.#sizeDigits === 0) this.#fail('a chunk size is no hex number');
    else if (byte === CR) this.#state = 'size-lf';
    else if (byte === LF) this.#endSize();
    else if (byte === SEMICOLON || byte === SPACE || byte === TAB) this.#state = 'extension';
    else this.#fail('a chunk size is no hex number');
  }

  #endSize(): void {
    this.#sizeDigits = 0;
    this.#lineEmpty = true;
    this.#state = this.#left === 0 ? 'trailer' : 'data';
  }

  #endData(byte: number): void {
    if (byte === LF) {
      this.#state = 'size';
      this.#ignoredBytes = 0;
    } else this.#fail('a chunk is longer than its size');
  }

  #takeTrailer(byte: number): void {
    if (byte === LF) {
      if (this.#lineEmpty) this.#state = 'done';
      this.#lineEmpty = true;
    } else if (byte !== CR) {
      this.#lineEmpty = false;
      this.#ignore('trailer');
    }
  }

  #ignore(what: string): void {
    this.#ignoredBytes += 1;
    if (this.#ignoredBytes > MAX_HEAD_BYTES) this.#fail(`a ${what} is over ${MAX_HEAD_BYTES} bytes`);
  }

  #fail(reason: string): void {
    this.#state = 'bad';
    this.#fault = reason;
  }
}

function hexDigit(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const lower = byte | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
}

function unreachable(state: never): never {
  throw new Error(`unknown state ${String(state)}`);
}
