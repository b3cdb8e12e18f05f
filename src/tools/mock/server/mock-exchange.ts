import { LAST_CHUNK, chunk } from './answer-text.ts';
import { renderHead, type HeaderLines } from '../../http1/render-head.ts';
import type { MockRequest } from './mock-request.ts';

/** A whole answer. `body` is ASCII. */
export type MockAnswer = { status: number; type: string; headers?: HeaderLines; body: string };

/** How a connection goes on after an answer: as the client asked, or with one of the closing faults. */
export type After = 'as-asked' | 'close' | 'drop-next';

/** What an exchange needs of its connection. */
export type ExchangePort = {
  /** Sends ASCII text. */
  write: (text: string) => void;
  /** The answer is out. */
  answered: (then: 'keep' | 'close' | 'drop-next') => void;
  /** FIN after what was written. */
  close: () => void;
  /** RST at once. */
  reset: () => void;
};

/** One request and the answer to it. All text is ASCII. After its end nothing it is told has any effect. */
export class MockExchange {
  readonly request: MockRequest;
  readonly #connection: ExchangePort;
  #over = false;
  #onClientLeft: (() => void) | null = null;

  constructor(connection: ExchangePort, request: MockRequest) {
    this.#connection = connection;
    this.request = request;
  }

  /** The answer is out, or can no longer be given. */
  get over(): boolean {
    return this.#over;
  }

  /** Called once if the client leaves before the answer is out. */
  onClientLeft(listener: () => void): void {
    this.#onClientLeft = listener;
  }

  /** Sends a whole answer. */
  send(answer: MockAnswer, after: After = 'as-asked'): void {
    if (this.#over) return;
    const body = this.request.method === 'HEAD' ? '' : answer.body;
    this.#connection.write(this.renderWhole(answer, answer.body.length) + body);
    this.#end(after);
  }

  /** Head of a whole answer that announces `bytes` of body, for those that then send fewer. */
  renderWhole(answer: MockAnswer, bytes: number): string {
    return renderHead(answer.status, {
      'content-type': answer.type,
      'content-length': String(bytes),
      ...this.#connectionHeader(),
      ...answer.headers,
    });
  }

  /** Head of an answer that comes in pieces. */
  renderStreamHead(headers: HeaderLines): string {
    return renderHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-cache',
      ...(this.request.chunks ? { 'transfer-encoding': 'chunked' } : { connection: 'close' }),
      ...(this.request.keepAlive ? {} : { connection: 'close' }),
      ...headers,
    });
  }

  /** A piece of a body that comes in pieces, as it goes over the wire. */
  piece(text: string): string {
    // A chunk of nothing would be the last one.
    return text !== '' && this.request.chunks ? chunk(text) : text;
  }

  /** Sends text rendered by the functions above. */
  push(rendered: string): void {
    if (!this.#over) this.#connection.write(rendered);
  }

  /** Sends the last rendered text of an answer in pieces, and its end mark. */
  finish(rendered: string, after: After = 'as-asked'): void {
    if (this.#over) return;
    this.#connection.write(rendered + (this.request.chunks ? LAST_CHUNK : ''));
    this.#end(this.request.chunks ? after : 'close');
  }

  /** Breaks the answer off: FIN or RST where it stands. */
  breakOff(how: 'fin' | 'rst', rendered = ''): void {
    if (this.#over) return;
    this.#connection.write(rendered);
    this.#over = true;
    if (how === 'fin') this.#connection.close();
    else this.#connection.reset();
  }

  /** The connection's part: the client is gone. */
  clientLeft(): void {
    if (this.#over) return;
    this.#over = true;
    this.#onClientLeft?.();
  }

  #end(after: After): void {
    this.#over = true;
    if (after === 'as-asked') this.#connection.answered(this.request.keepAlive ? 'keep' : 'close');
    else this.#connection.answered(after);
  }

  /** HTTP/1.1 keeps a connection unless told, 1.0 closes it unless told (RFC 9112, section 9.3). */
  #connectionHeader(): HeaderLines {
    const { keepAlive, chunks } = this.request;
    if (keepAlive === chunks) return {};
    return { connection: keepAlive ? 'keep-alive' : 'close' };
  }
}
