import type { Socket } from 'node:net';
import type { Now } from '../time/scheduler.ts';
import { MockExchange, type ExchangePort } from './http-exchange.ts';
import { renderError } from './answer-text.ts';
import { HttpReader } from './http-reader.ts';
import type { PollClock } from '../time/poll-clock.ts';

/** More than this sent ahead of an answer, and the socket is not read on until the answer is out. */
const MAX_AHEAD_BYTES = 1024 * 1024;
/** A client that reads so little that this much waits for it is cut off. */
const MAX_UNREAD_BYTES = 32 * 1024 * 1024;

const NOTHING = Buffer.alloc(0);

/** What every connection of a server shares. */
export type ConnectionContext = {
  now: Now;
  poll: PollClock;
  handle: (exchange: MockExchange) => void;
  /** A request met the reset that `silent_close` had laid for it. */
  onDropped: () => void;
};

/** One client's connection: it reads requests and answers one at a time. */
export class Connection implements ExchangePort {
  readonly #socket: Socket;
  readonly #context: ConnectionContext;
  readonly #reader = new HttpReader();
  #exchange: MockExchange | null = null;
  /** The next request on this connection gets a reset in place of an answer. */
  #dropNext = false;
  #closing = false;

  constructor(socket: Socket, context: ConnectionContext) {
    this.#socket = socket;
    this.#context = context;
    socket.on('data', (bytes: Buffer) => this.#onData(bytes));
    socket.on('end', () => this.#onGone());
    socket.on('close', () => this.#onGone());
    socket.on('error', () => socket.destroy());
  }

  /** Sends ASCII text. */
  write(text: string): void {
    if (text === '' || this.#socket.destroyed) return;
    this.#socket.write(text, 'latin1');
    if (this.#socket.writableLength > MAX_UNREAD_BYTES) this.#socket.destroy();
  }

  /** The present answer is out; what the client sent meanwhile comes next. */
  answered(then: 'keep' | 'close' | 'drop-next'): void {
    this.#exchange = null;
    if (then === 'close') {
      this.close();
      return;
    }
    this.#dropNext = then === 'drop-next';
    if (this.#socket.isPaused()) this.#socket.resume();
    if (this.#reader.pendingBytes > 0) setImmediate(() => this.#serveNext());
  }

  /** Ends the connection after the bytes already written: FIN. */
  close(): void {
    this.#closing = true;
    this.#exchange = null;
    this.#socket.end();
  }

  /** Ends it at once: RST. */
  reset(): void {
    this.#closing = true;
    this.#exchange = null;
    this.#socket.resetAndDestroy();
  }

  #onData(bytes: Buffer): void {
    if (this.#closing) return;
    if (this.#dropNext) {
      this.#context.onDropped();
      this.reset();
      return;
    }
    this.#reader.feed(bytes, { polledAtMs: this.#context.poll.stampMs(), nowMs: this.#context.now() });
    if (this.#exchange === null) this.#serve();
    else if (this.#reader.pendingBytes > MAX_AHEAD_BYTES) this.#socket.pause();
  }

  /** A request that was sent ahead of the last answer arrives, for its timing, when that is out. */
  #serveNext(): void {
    const nowMs = this.#context.now();
    this.#reader.feed(NOTHING, { polledAtMs: nowMs, nowMs });
    if (this.#exchange === null) this.#serve();
  }

  #serve(): void {
    while (this.#exchange === null && !this.#closing) {
      const reading = this.#reader.next();
      if (reading.kind === 'more') return;
      if (reading.kind === 'continue') {
        this.write('HTTP/1.1 100 Continue\r\n\r\n');
        return;
      }
      if (reading.kind === 'bad') {
        this.write(renderError(reading.status, reading.message));
        this.close();
        return;
      }
      this.#exchange = new MockExchange(this, reading.request);
      this.#context.handle(this.#exchange);
    }
  }

  #onGone(): void {
    this.#closing = true;
    const exchange = this.#exchange;
    this.#exchange = null;
    exchange?.clientLeft();
  }
}
