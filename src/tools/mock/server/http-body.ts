export const MAX_BODY_BYTES = 64 * 1024 * 1024;

/** Why a body cannot be read. */
export type BodyProblem = { status: 400 | 413 | 501; message: string };

const MAX_CHUNK_LINE_BYTES = 8 * 1024;
/** What a chunk costs to keep, counted against the limit so that a million tiny ones cannot pass it. */
const CHUNK_OVERHEAD_BYTES = 64;
const TOO_BIG: BodyProblem = { status: 413, message: `request body is over ${MAX_BODY_BYTES} bytes` };

type State = 'data' | 'chunk-size' | 'chunk-data' | 'chunk-end' | 'trailer' | 'done';

/** Reads one request body, of a known length or in chunks (RFC 9112, section 7.1), from bytes cut anywhere. */
export class BodyReader {
  #state: State;
  /** Bytes still missing of the body, or of the present chunk. */
  #missing: number;
  #size = 0;
  readonly #parts: Buffer[] = [];

  private constructor(state: State, missing: number) {
    this.#state = state;
    this.#missing = missing;
  }

  /** The reader for what the headers announce; no length and no chunks mean no body. */
  static of(headers: ReadonlyMap<string, string>): BodyReader | BodyProblem {
    const length = headers.get('content-length');
    const coding = headers.get('transfer-encoding');
    if (coding !== undefined) {
      if (length !== undefined) return { status: 400, message: 'both Content-Length and Transfer-Encoding' };
      if (coding.toLowerCase() === 'chunked') return new BodyReader('chunk-size', 0);
      return { status: 501, message: 'only the transfer coding "chunked" is known' };
    }
    if (length === undefined) return new BodyReader('done', 0);
    if (!/^\d{1,15}$/.test(length)) return { status: 400, message: 'Content-Length is not a number' };
    const bytes = Number(length);
    if (bytes > MAX_BODY_BYTES) return TOO_BIG;
    return new BodyReader(bytes === 0 ? 'done' : 'data', bytes);
  }

  get done(): boolean {
    return this.#state === 'done';
  }

  /** The whole body as UTF-8; bytes that are not become U+FFFD. */
  text(): string {
    const [only] = this.#parts;
    if (only === undefined) return '';
    return (this.#parts.length === 1 ? only : Buffer.concat(this.#parts)).toString('utf8');
  }

  /** Takes what it needs and returns the rest: unread bytes of a line, or what follows the body. */
  read(bytes: Buffer): Buffer | BodyProblem {
    let rest = bytes;
    while (rest.length > 0 && this.#state !== 'done') {
      if (this.#state === 'data' || this.#state === 'chunk-data') {
        rest = this.#takeData(rest);
        continue;
      }
      const end = rest.indexOf('\r\n', 0, 'latin1');
      if (end > MAX_CHUNK_LINE_BYTES || (end < 0 && rest.length > MAX_CHUNK_LINE_BYTES)) {
        return { status: 400, message: 'a line between chunks is too long' };
      }
      if (end < 0) return rest;
      const problem = this.#takeLine(rest.toString('latin1', 0, end));
      if (problem !== null) return problem;
      rest = rest.subarray(end + 2);
    }
    return rest;
  }

  #takeData(bytes: Buffer): Buffer {
    const part = bytes.subarray(0, this.#missing);
    this.#parts.push(part);
    this.#missing -= part.length;
    if (this.#missing === 0) this.#state = this.#state === 'data' ? 'done' : 'chunk-end';
    return bytes.subarray(part.length);
  }

  #takeLine(line: string): BodyProblem | null {
    if (this.#state === 'trailer') {
      if (line === '') this.#state = 'done';
      return null;
    }
    if (this.#state === 'chunk-end') {
      if (line !== '') return { status: 400, message: 'a chunk is longer than its size' };
      this.#state = 'chunk-size';
      return null;
    }
    const size = /^([0-9a-fA-F]{1,8})\s*(?:;.*)?$/.exec(line)?.[1];
    if (size === undefined) return { status: 400, message: 'a chunk size is not a hexadecimal number' };
    this.#missing = Number.parseInt(size, 16);
    this.#size += this.#missing + CHUNK_OVERHEAD_BYTES;
    if (this.#size > MAX_BODY_BYTES) return TOO_BIG;
    this.#state = this.#missing === 0 ? 'trailer' : 'chunk-data';
    return null;
  }
}
