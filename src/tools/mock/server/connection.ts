import type { Socket } from 'node:net';
import type { Now } from '../time/scheduler.ts';
import { MockExchange, type ExchangePort } from './mock-exchange.ts';
import { renderError } from './answer-text.ts';
import { type RequestReading, RequestReader } from '../../http1/request-reader.ts';
import { mockRequestOf } from './mock-request.ts';
import type { PollClock } from '../time/poll-clock.ts';

/** More than this sent ahead of an answer, and the socket is not read on until the answer is out. */
const MAX_AHEAD_BYTES = 1024 * 1024;
/** A client that reads so little that this much waits for it is cut off. */
const MAX_UNREAD_BYTES = 32 * 1024 * 1024;

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
  readonly #reader = new RequestReader();
  /** Sent by the client while its last request was being answered. */
  #ahead: Buffer[] = [];
  #aheadBytes = 0;
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
    if (this.#aheadBytes > 0 || this.#reader.hasRest) setImmediate(() => this.#serveNext());
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
    if (this.#exchange === null && this.#aheadBytes === 0) {
      this.#serve(bytes, { polledAtMs: this.#context.poll.stampMs(), nowMs: this.#context.now() });
      return;
    }
    this.#ahead.push(bytes);
    this.#aheadBytes += bytes.length;
    if (this.#aheadBytes > MAX_AHEAD_BYTES) this.#socket.pause();
  }

  /** A request that was sent ahead of the last answer arrives, for its timing, when that is out. */
  #serveNext(): void {
    if (this.#exchange !== null || this.#closing) return;
    const ahead = this.#aheadBytes === 0 ? null : Buffer.concat(this.#ahead);
    this.#ahead = [];
    this.#aheadBytes = 0;
    const nowMs = this.#context.now();
    this.#serve(ahead, { polledAtMs: nowMs, nowMs });
  }

  #serve(bytes: Buffer | null, times: { polledAtMs: number; nowMs: number }): void {
    let reading = this.#reader.feed(bytes, times.nowMs);
    this.#take(reading, times);
    while (this.#exchange === null && !this.#closing && this.#reader.hasRest) {
      reading = this.#reader.feed(null, times.nowMs);
      this.#take(reading, times);
    }
  }

  #take(reading: RequestReading, times: { polledAtMs: number; nowMs: number }): void {
    if (reading.kind === 'continue') this.write('HTTP/1.1 100 Continue\r\n\r\n');
    if (reading.kind === 'bad') {
      this.write(renderError(reading.status, reading.message));
      this.close();
    }
    if (reading.kind !== 'request') return;
    this.#exchange = new MockExchange(this, mockRequestOf(reading.request, times));
    this.#context.handle(this.#exchange);
  }

  #onGone(): void {
    this.#closing = true;
    const exchange = this.#exchange;
    this.#exchange = null;
    exchange?.clientLeft();
  }
}
