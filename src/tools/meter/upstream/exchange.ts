import { STALE_WITHIN_MS } from '../../../lib/request/stale-connection.ts';
import { ResponseReader, type ResponseHead } from './response-reader.ts';
import type { ConnectionUser, Gone, UpstreamConnection } from './upstream-connection.ts';
import type { UpstreamPool } from './upstream-pool.ts';

/** How an exchange with the upstream ended. */
export type ExchangeEnd =
  | { kind: 'complete' }
  /** The answer said that it was over, and the server left the connection open. */
  | { kind: 'left-open' }
  /** The server closed or broke the connection, or sent what is not HTTP, before the answer was whole. */
  | { kind: 'cut'; reason: string }
  | { kind: 'timeout' }
  /** No connection could be opened. */
  | { kind: 'unreachable'; reason: string };

/** When things happened, on `performance.now()`'s clock, ms. */
export type ExchangeTimes = {
  /** The request was written on an open socket; null: it never was. */
  writtenAtMs: number | null;
  firstByteAtMs: number | null;
  endAtMs: number;
  /** When that was certain: later where the connection was waited for. */
  settledAtMs: number;
  /** Connection set-up, where this request had to open one. */
  connectMs: number | null;
  /** A kept-alive connection had died, and the request went out once more on a fresh one. */
  retried: boolean;
};

/** Gets the answer as it comes. Times are ms since the request was written. */
export type ExchangeListener = {
  onHead: (head: ResponseHead) => void;
  onBody: (bytes: Buffer, range: { start: number; end: number }, sinceWrittenMs: number) => void;
  /** Asked before the request is written a second time, after a kept-alive connection had died. Default: yes. */
  mayResend?: () => boolean | Promise<boolean>;
  /** Called once, last; never after `abort`. */
  onEnd: (end: ExchangeEnd, times: ExchangeTimes) => void;
};

/** So long the end of the connection may follow the end of the answer, ms, before it counts as left open. */
const END_GRACE_MS = 250;

/** One request to the upstream and its answer, on a connection of the pool. */
export class Exchange implements ConnectionUser {
  readonly #pool: UpstreamPool;
  readonly #request: Buffer;
  readonly #listener: ExchangeListener;
  readonly #timer: NodeJS.Timeout;
  #endTimer: NodeJS.Timeout | null = null;
  /** When the answer said that it was over. */
  #saidOverAtMs: number | null = null;
  #reader: ResponseReader | null = null;
  #connection: UpstreamConnection | null = null;
  #dialling: { cancel: () => void } | null = null;
  #reused = false;
  #keepAlive = false;
  #over = false;
  #nowMs = 0;
  readonly #times: ExchangeTimes = {
    writtenAtMs: null,
    firstByteAtMs: null,
    endAtMs: 0,
    settledAtMs: 0,
    connectMs: null,
    retried: false,
  };

  /** Starts at once; `timeoutMs` counts from here, connection set-up included. */
  constructor(
    pool: UpstreamPool,
    { request, timeoutMs }: { request: Buffer; timeoutMs: number },
    listener: ExchangeListener,
  ) {
    this.#pool = pool;
    this.#request = request;
    this.#listener = listener;
    this.#timer = setTimeout(() => this.#finish({ kind: 'timeout' }, performance.now()), timeoutMs);
    const idle = pool.take();
    if (idle === null) this.#dial();
    else this.#send(idle, true);
  }

  /** The server may have the request. */
  get wasWritten(): boolean {
    return this.#times.writtenAtMs !== null;
  }

  /** Nobody waits for it any more: the connection is closed, so that the server stops too. */
  abort(): void {
    if (!this.#over) this.#release();
  }

  /** The answer says that it is over: what is left is HTTP's own end, which some servers never send. */
  expectEnd(): void {
    if (this.#over || this.#endTimer !== null) return;
    this.#saidOverAtMs = this.#nowMs;
    const end = (): void => this.#finish({ kind: 'left-open' }, performance.now());
    this.#endTimer = setTimeout(end, END_GRACE_MS);
  }

  /** It is not worth reading on: the answer ends here, as cut. */
  giveUp(reason: string): void {
    this.#finish({ kind: 'cut', reason }, performance.now());
  }

  onBytes(bytes: Buffer, end: number, atMs: number): void {
    const reader = this.#reader;
    if (reader === null) return;
    this.#times.firstByteAtMs ??= atMs;
    this.#nowMs = atMs;
    const next = this.#read(reader, bytes, end);
    if (next === null) return;
    const { state } = reader;
    if (state.kind === 'bad') this.#finish({ kind: 'cut', reason: state.reason }, atMs);
    else if (state.kind === 'done') {
      // Bytes that nobody asked for: what else comes on this connection cannot be told apart.
      if (next < end) this.#keepAlive = false;
      this.#finish({ kind: 'complete' }, atMs);
    }
  }

  /** What an answer does to its reader ends this exchange, and no other. null: it is over. */
  #read(reader: ResponseReader, bytes: Buffer, end: number): number | null {
    try {
      const next = reader.feed(bytes, 0, end);
      return this.#over ? null : next;
    } catch (error) {
      this.#finish({ kind: 'cut', reason: `it could not be read: ${String(error)}` }, performance.now());
      return null;
    }
  }

  onGone(gone: Gone, atMs: number): void {
    const mayResend = this.#wasStale(atMs) && (this.#listener.mayResend?.() ?? true);
    if (mayResend instanceof Promise) {
      this.#dropConnection();
      void mayResend.then((may) => {
        if (!this.#over) this.#resendOrEnd(may, gone, atMs);
      });
    } else this.#resendOrEnd(mayResend, gone, atMs);
  }

  #resendOrEnd(mayResend: boolean, gone: Gone, atMs: number): void {
    if (mayResend) {
      this.#times.retried = true;
      this.#dropConnection();
      this.#dial();
    } else if (gone.how === 'fin' && this.#reader?.close() === true) {
      this.#finish({ kind: 'complete' }, atMs);
    } else this.#finish({ kind: 'cut', reason: gone.reason }, atMs);
  }

  #wasStale(atMs: number): boolean {
    const { writtenAtMs, firstByteAtMs, retried } = this.#times;
    if (writtenAtMs === null || firstByteAtMs !== null) return false;
    return this.#reused && !retried && atMs - writtenAtMs <= STALE_WITHIN_MS;
  }

  #dial(): void {
    this.#dialling = this.#pool.dial({
      onOpen: (connection) => {
        this.#dialling = null;
        this.#times.connectMs = connection.connectMs;
        this.#send(connection, false);
      },
      onFailed: (reason) => {
        this.#dialling = null;
        this.#finish({ kind: 'unreachable', reason }, performance.now());
      },
    });
  }

  #send(connection: UpstreamConnection, reused: boolean): void {
    this.#connection = connection;
    this.#reused = reused;
    this.#reader = new ResponseReader({
      onHead: (head) => {
        this.#keepAlive = head.keepAlive;
        this.#listener.onHead(head);
      },
      onBody: (bytes, start, end) => {
        const sinceWrittenMs = this.#nowMs - (this.#times.writtenAtMs ?? this.#nowMs);
        this.#listener.onBody(bytes, { start, end }, sinceWrittenMs);
      },
    });
    connection.use(this);
    this.#times.writtenAtMs = performance.now();
    connection.write(this.#request);
  }

  #finish(end: ExchangeEnd, atMs: number): void {
    if (this.#over) return;
    this.#times.endAtMs = end.kind === 'left-open' ? (this.#saidOverAtMs ?? atMs) : atMs;
    this.#times.settledAtMs = atMs;
    const reusable = end.kind === 'complete' && this.#keepAlive && this.#connection?.isFlushed === true;
    this.#release(reusable);
    this.#listener.onEnd(end, this.#times);
  }

  #release(reusable = false): void {
    this.#over = true;
    clearTimeout(this.#timer);
    if (this.#endTimer !== null) clearTimeout(this.#endTimer);
    this.#dialling?.cancel();
    if (this.#connection !== null && reusable) this.#pool.keep(this.#connection);
    else this.#dropConnection();
    this.#connection = null;
    this.#reader = null;
  }

  #dropConnection(): void {
    if (this.#connection !== null) this.#pool.drop(this.#connection);
    this.#connection = null;
  }
}
