import { findHeader, type Headers } from '../../lib/answer/headers/find-header.ts';
import {
  attemptOf,
  attemptOfStream,
  type HttpAnswer,
  type ReadAnswer,
} from '../../lib/answer/http-answer.ts';
import type { StreamClose } from '../../lib/answer/stream/stream-ending.ts';
import { StreamReader } from '../../lib/answer/stream/stream-reader.ts';
import type { ExchangeEnd } from './upstream/exchange.ts';
import type { Header } from '../http1/message-head.ts';
import { decompress, isCompressed } from '../http1/decompress.ts';
import type { ResponseHead } from './upstream/response-reader.ts';

/** Longest answer that is read whole, bytes. Streams have no limit: they are not kept. */
export const MAX_ANSWER_BYTES = 64 * 1024 * 1024;

/** One read of a stream: when, ms since the request was written, and the content events that it completed. */
export type ReadMark = readonly [atMs: number, contentEvents: number];

export type CollectorOptions = {
  /** A streamed answer was asked for. */
  stream: boolean;
  keepGaps: boolean;
  keepText: boolean;
  /** Keep a mark of every read. */
  keepReads: boolean;
};

/** k6's own codes for what went wrong on the way, so that one classification serves every transport. */
const K6_TIMEOUT = 1050;
const K6_RESET = 1220;

/** Reads an answer as it comes: events of a stream at once, anything else when it is whole. */
export class AnswerCollector {
  readonly #options: CollectorOptions;
  readonly #reads: ReadMark[] = [];
  #markedChunks = 0;
  #status = 0;
  #headers: Headers = {};
  #stream: StreamReader | null = null;
  #parts: Buffer[] = [];
  #bytes = 0;

  constructor(options: CollectorOptions) {
    this.#options = options;
  }

  /** 0 until the head has come. */
  get status(): number {
    return this.#status;
  }

  get headers(): Headers {
    return this.#headers;
  }

  /** Kept only with `keepReads`. */
  get reads(): readonly ReadMark[] {
    return this.#reads;
  }

  onHead({ status, headers }: ResponseHead): void {
    this.#status = status;
    this.#headers = headerRecord(headers);
    const { stream, keepGaps, keepText } = this.#options;
    if (!stream || status < 200 || status > 299 || isCompressed(this.#headers)) return;
    this.#stream = new StreamReader({ keepGaps, keepText, decode: decodeUtf8, headers: this.#headers });
  }

  /** False: the answer is too long to go on. */
  onBody(bytes: Buffer, { start, end }: { start: number; end: number }, atMs: number): boolean {
    const stream = this.#stream;
    if (stream === null) return this.#keep(bytes, start, end);
    // One char a byte: a character may be cut between two reads. What matters is decoded event by event.
    stream.feed(bytes.toString('latin1', start, end), atMs);
    if (this.#options.keepReads) {
      this.#reads.push([atMs, stream.chunks - this.#markedChunks]);
      this.#markedChunks = stream.chunks;
    }
    return true;
  }

  /** What it all amounts to. Times are ms since the request was written. */
  finish(end: ExchangeEnd, times: { ttfbMs: number | null; endMs: number }): ReadAnswer {
    const answer: HttpAnswer = {
      status: this.#status,
      errorCode: this.#errorCode(end),
      errorText: describeEnd(end),
      headers: this.#headers,
      bodyText: this.#takeBody(),
      stream: this.#options.stream,
      wantsText: this.#options.keepText,
      ...times,
      nowMs: Date.now(),
    };
    return this.#stream === null
      ? attemptOf(answer)
      : attemptOfStream(answer, this.#stream.end(closeOf(end)));
  }

  /** A refusal is one even if its body is cut. */
  #errorCode(end: ExchangeEnd): number {
    if (end.kind === 'timeout') return K6_TIMEOUT;
    return end.kind === 'complete' || this.#status > 299 ? 0 : K6_RESET;
  }

  #keep(bytes: Buffer, start: number, end: number): boolean {
    this.#bytes += end - start;
    if (this.#bytes > MAX_ANSWER_BYTES) return false;
    // The bytes are the read buffer's: the next read overwrites them.
    this.#parts.push(Buffer.from(bytes.subarray(start, end)));
    return true;
  }

  #takeBody(): string {
    const whole = Buffer.concat(this.#parts);
    this.#parts = [];
    const coding = findHeader(this.#headers, 'content-encoding');
    const plain = coding === null ? whole : decompress(whole, coding, MAX_ANSWER_BYTES);
    return plain.toString('utf8');
  }
}

function closeOf(end: ExchangeEnd): StreamClose {
  if (end.kind === 'timeout') return 'timeout';
  return end.kind === 'complete' ? 'clean' : 'reset';
}

function describeEnd(end: ExchangeEnd): string {
  switch (end.kind) {
    case 'complete':
      return '';
    case 'timeout':
      return 'timed out';
    case 'cut':
    case 'unreachable':
      return end.reason;
    default:
      return unreachable(end);
  }
}

/** One text a lower-case name, repeated ones joined by commas. */
function headerRecord(headers: readonly Header[]): Headers {
  const joined = new Map<string, string>();
  for (const [name, value] of headers) {
    const key = name.toLowerCase();
    const before = joined.get(key);
    joined.set(key, before === undefined ? value : `${before}, ${value}`);
  }
  return Object.fromEntries(joined);
}

function decodeUtf8(binary: string): string {
  return Buffer.from(binary, 'latin1').toString('utf8');
}

function unreachable(end: never): never {
  throw new Error(`unknown end ${String(end)}`);
}
