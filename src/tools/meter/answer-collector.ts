import type { AskedFor } from '../../lib/kinds/kind.ts';
import { findHeader, type Headers } from '../../lib/answer/headers/find-header.ts';
import {
  attemptOf,
  attemptOfStream,
  type HttpAnswer,
  type ReadAnswer,
  unreadable,
} from '../../lib/answer/http-answer.ts';
import type { StreamClose } from '../../lib/answer/stream/stream-ending.ts';
import { StreamReader } from '../../lib/answer/stream/stream-reader.ts';
import type { ExchangeEnd } from './upstream/exchange.ts';
import type { Header } from '../http1/message-head.ts';
import { decompress, isCompressed } from '../http1/decompress.ts';
import type { ResponseHead } from './upstream/response-reader.ts';
import { BOUNDS, excessOf } from '../../lib/answer/bounds.ts';
import type { HeldBytes } from './held-bytes.ts';

/** One read of a stream: when, ms since the request was written; content events and events with choices it completed. */
export type ReadMark = readonly [atMs: number, contentEvents: number, choiceEvents: number];

export type CollectorOptions = {
  /** A streamed answer was asked for. */
  stream: boolean;
  /** null: text, of whichever wire it turns out to be. */
  asked: AskedFor | null;
  keepGaps: boolean;
  keepText: boolean;
  /** Keep a mark of every read. */
  keepReads: boolean;
  held: HeldBytes;
};

/** Reads beyond are not marked: the record is no place for more. */
const MAX_READ_MARKS = 200_000;

/** k6's own codes for what went wrong on the way, so that one classification serves every transport. */
const K6_TIMEOUT = 1050;
const K6_RESET = 1220;

/** Reads an answer as it comes: events of a stream at once, anything else when it is whole. */
export class AnswerCollector {
  readonly #options: CollectorOptions;
  readonly #reads: ReadMark[] = [];
  #markedChunks = 0;
  #markedChoices = 0;
  #status = 0;
  #headers: Headers = {};
  #stream: StreamReader | null = null;
  #parts: Buffer[] = [];
  /** Why it is not read on. */
  #problem: string | null = null;
  /** Of this answer, in `held`. */
  #heldBytes = 0;

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

  /** The stream says that it is over. */
  get saidOver(): boolean {
    return this.#stream !== null && (this.#stream.isOver || this.#stream.isDone);
  }

  /** Content events so far. */
  get chunks(): number {
    return this.#stream?.chunks ?? 0;
  }

  /** Kept only with `keepReads`. */
  get reads(): readonly ReadMark[] {
    return this.#reads;
  }

  onHead({ status, headers }: ResponseHead): void {
    this.#status = status;
    this.#headers = headerRecord(headers);
    const { stream, asked, keepGaps, keepText } = this.#options;
    if (!stream || status < 200 || status > 299 || isCompressed(this.#headers)) return;
    this.#stream = new StreamReader({
      keepGaps,
      keepText,
      asked,
      decode: decodeUtf8,
      headers: this.#headers,
    });
  }

  /** Why there is no use in reading on; null: there is. */
  onBody(bytes: Buffer, range: { start: number; end: number }, atMs: number): string | null {
    this.#problem ??= this.#take(bytes, range, atMs);
    return this.#problem;
  }

  #take(bytes: Buffer, { start, end }: { start: number; end: number }, atMs: number): string | null {
    const stream = this.#stream;
    if (stream === null) return this.#keep(bytes, start, end);
    // One char a byte: a character may be cut between two reads. What matters is decoded event by event.
    stream.feed(bytes.toString('latin1', start, end), atMs);
    if (this.#options.keepReads && this.#reads.length < MAX_READ_MARKS) {
      const { chunks, choiceEvents } = stream;
      this.#reads.push([atMs, chunks - this.#markedChunks, choiceEvents - this.#markedChoices]);
      this.#markedChunks = chunks;
      this.#markedChoices = choiceEvents;
    }
    if (stream.excess !== null) return `the answer has ${stream.excess}`;
    return this.#hold(stream.heldChars);
  }

  /** Gives back what it holds: nobody waits for the answer any more. */
  release(): void {
    this.#options.held.take(-this.#heldBytes);
    this.#heldBytes = 0;
    this.#parts = [];
  }

  /** What it all amounts to. Times are ms since the request was written. */
  finish(end: ExchangeEnd, times: { ttfbMs: number | null; endMs: number }): ReadAnswer {
    try {
      return this.#problem === null ? this.#read(end, times) : this.#failed(this.#problem, times);
    } catch (error) {
      return this.#failed(`the answer could not be read: ${String(error)}`, times);
    } finally {
      this.release();
    }
  }

  #failed(problem: string, times: { ttfbMs: number | null; endMs: number }): ReadAnswer {
    const answer = unreadable(problem, this.#status);
    return { ...answer, attempt: { ...answer.attempt, ...times } };
  }

  #read(end: ExchangeEnd, times: { ttfbMs: number | null; endMs: number }): ReadAnswer {
    const answer: HttpAnswer = {
      status: this.#status,
      errorCode: this.#errorCode(end),
      errorText: describeEnd(end),
      headers: this.#headers,
      bodyText: this.#takeBody(),
      stream: this.#options.stream,
      asked: this.#options.asked,
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
    return end.kind === 'complete' || end.kind === 'left-open' || this.#status > 299 ? 0 : K6_RESET;
  }

  #keep(bytes: Buffer, start: number, end: number): string | null {
    const all = this.#heldBytes + end - start;
    if (all > BOUNDS.answerBytes) return `the answer has ${excessOf('answerBytes')}`;
    // The bytes are the read buffer's: the next read overwrites them.
    this.#parts.push(Buffer.from(bytes.subarray(start, end)));
    return this.#hold(all);
  }

  #hold(bytes: number): string | null {
    const isRoom = this.#options.held.take(bytes - this.#heldBytes);
    this.#heldBytes = bytes;
    return isRoom ? null : 'the meter holds too much of other answers';
  }

  #takeBody(): string {
    const whole = Buffer.concat(this.#parts);
    this.#parts = [];
    const coding = findHeader(this.#headers, 'content-encoding');
    const plain = coding === null ? whole : decompress(whole, coding, BOUNDS.answerBytes);
    return plain.toString('utf8');
  }
}

function closeOf(end: ExchangeEnd): StreamClose {
  if (end.kind === 'timeout' || end.kind === 'left-open') return 'timeout';
  return end.kind === 'complete' ? 'clean' : 'reset';
}

function describeEnd(end: ExchangeEnd): string {
  switch (end.kind) {
    case 'complete':
    case 'left-open':
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
