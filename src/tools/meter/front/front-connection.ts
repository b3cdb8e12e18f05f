import type { Socket } from 'node:net';
import type { Header } from '../../http1/message-head.ts';
import { renderHead } from '../../http1/render-head.ts';
import { jsonErrorAnswer, type FrontAnswer, renderAnswer } from './front-answer.ts';
import { type RequestReading, RequestReader, type WireRequest } from '../../http1/request-reader.ts';

/** One request of k6's, and the way to answer it. */
export type FrontExchange = {
  request: WireRequest;
  /** Answers it, once; nothing happens when k6 has gone. */
  answer: (answer: FrontAnswer) => void;
  /** Begins an answer that is handed on as it comes, in place of `answer`. */
  begin: (status: number, headers: readonly Header[]) => FrontStream;
  /** Told when k6 gives up before the answer. */
  onGone: (listener: () => void) => void;
};

/** An answer on its way to the client. */
export type FrontStream = {
  write: (bytes: Buffer) => void;
  end: () => void;
  /** What was begun cannot be ended well: the client sees it broken off. */
  breakOff: () => void;
};

export type FrontHandler = (exchange: FrontExchange) => void;

/** The request that is being served. */
type Current = { onGone: (() => void) | null; keepAlive: boolean };

/** How long the meter waits for a client, ms. */
export type PatienceMs = {
  /** Between two requests of one connection. */
  idleMs: number;
  /** For a request to be whole, from its first byte; for the first one, from the connection on. */
  requestMs: number;
};

/** What a client may send ahead of its answer, bytes; then it is not read on. */
const MAX_AHEAD_BYTES = 1024 * 1024;

/** A connection from k6: it reads requests, and answers one at a time. */
export class FrontConnection {
  readonly #socket: Socket;
  readonly #handle: FrontHandler;
  readonly #reader = new RequestReader();
  #current: Current | null = null;
  /** Sent by the client while its last request was being served. */
  #ahead: Buffer[] = [];
  #aheadBytes = 0;
  #serving = false;
  #served = 0;
  /** The last answer was sent, or the request that is not whole yet began. */
  #waitingSinceMs = performance.now();
  #closing = false;

  constructor(socket: Socket, handle: FrontHandler) {
    this.#socket = socket;
    this.#handle = handle;
    socket.setNoDelay(true);
    socket.on('data', (bytes: Buffer) => this.#onData(bytes));
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.#onGone());
  }

  /** Nobody is served on it, and nothing came for too long: whoever opened it has forgotten it, or means to hold it. */
  isStale(nowMs: number, { idleMs, requestMs }: PatienceMs): boolean {
    if (this.#current !== null) return false;
    const waitsForRest = this.#reader.isInside || this.#served === 0;
    return nowMs - this.#waitingSinceMs > (waitsForRest ? requestMs : idleMs);
  }

  /** No request is being served on it. */
  get isIdle(): boolean {
    return this.#current === null;
  }

  /** Closes it, now if it is idle, else after the answer. */
  closeWhenIdle(): void {
    this.#closing = true;
    if (this.isIdle) this.#socket.destroySoon();
  }

  destroy(): void {
    this.#socket.destroy();
  }

  #onData(bytes: Buffer): void {
    if (this.#closing && this.#current === null) return;
    if (this.#current === null && !this.#reader.isInside) this.#waitingSinceMs = performance.now();
    this.#ahead.push(bytes);
    this.#aheadBytes += bytes.length;
    if (this.#current === null) this.#serve();
    else if (this.#aheadBytes > MAX_AHEAD_BYTES) this.#socket.pause();
  }

  /** Begins the next request, and those after it that are answered at once. */
  #serve(): void {
    if (this.#serving) return;
    this.#serving = true;
    while (this.#current === null && !this.#closing && (this.#aheadBytes > 0 || this.#reader.hasRest)) {
      this.#take(this.#reader.feed(this.#takeAhead(), performance.now()));
    }
    this.#serving = false;
  }

  #takeAhead(): Buffer | null {
    const [first = null, ...more] = this.#ahead;
    const bytes = first === null || more.length === 0 ? first : Buffer.concat(this.#ahead);
    this.#ahead = [];
    this.#aheadBytes = 0;
    if (this.#socket.isPaused()) this.#socket.resume();
    return bytes;
  }

  #take(reading: RequestReading): void {
    switch (reading.kind) {
      case 'more':
        return;
      case 'continue':
        this.#socket.write('HTTP/1.1 100 Continue\r\n\r\n');
        return;
      case 'bad':
        this.#closing = true;
        this.#socket.end(renderAnswer(jsonErrorAnswer(reading.status, reading.message), false));
        return;
      case 'request':
        this.#begin(reading.request);
        return;
      default:
        return unreachable(reading);
    }
  }

  #begin(request: WireRequest): void {
    const current: Current = { onGone: null, keepAlive: request.keepAlive };
    this.#current = current;
    const exchange: FrontExchange = {
      request,
      answer: (answer) => {
        if (this.#current === current) this.#send(answer, current.keepAlive);
      },
      begin: (status, headers) => this.#stream(current, status, headers),
      onGone: (listener) => {
        current.onGone = listener;
      },
    };
    try {
      this.#handle(exchange);
    } catch (error) {
      exchange.answer(jsonErrorAnswer(500, `the meter failed on this request: ${String(error)}`));
    }
  }

  /** In chunks: how long it will be is not known. */
  #stream(current: Current, status: number, headers: readonly Header[]): FrontStream {
    const keepAlive = current.keepAlive && !this.#closing;
    const isCurrent = (): boolean => this.#current === current;
    const framing = { 'transfer-encoding': 'chunked', connection: keepAlive ? 'keep-alive' : 'close' };
    if (isCurrent()) this.#socket.write(renderHead(status, framing, headers), 'latin1');
    return {
      write: (bytes) => {
        if (!isCurrent() || bytes.length === 0) return;
        this.#socket.write(`${bytes.length.toString(16)}\r\n`, 'latin1');
        this.#socket.write(bytes);
        this.#socket.write('\r\n', 'latin1');
      },
      end: () => {
        if (!isCurrent()) return;
        this.#current = null;
        this.#served += 1;
        this.#waitingSinceMs = performance.now();
        this.#socket.write('0\r\n\r\n', 'latin1');
        if (keepAlive && !this.#closing) return this.#serve();
        this.#closing = true;
        this.#socket.end();
      },
      breakOff: () => {
        if (isCurrent()) this.#socket.destroy();
      },
    };
  }

  #send(answer: FrontAnswer, asked: boolean): void {
    this.#current = null;
    this.#served += 1;
    this.#waitingSinceMs = performance.now();
    const keepAlive = asked && !this.#closing;
    const bytes = renderAnswer(answer, keepAlive);
    if (!keepAlive) {
      this.#closing = true;
      this.#socket.end(bytes);
      return;
    }
    this.#socket.write(bytes);
    this.#serve();
  }

  #onGone(): void {
    const current = this.#current;
    this.#current = null;
    this.#closing = true;
    current?.onGone?.();
  }
}

function unreachable(reading: never): never {
  throw new Error(`unknown reading ${String(reading)}`);
}
