import { BodyDecoder } from '../../http1/body-decoder.ts';
import type { BodySink } from '../../http1/body-sink.ts';
import { framingOf } from '../../http1/framing.ts';
import { type Header, HeadCollector, headerWords, parseHead } from '../../http1/message-head.ts';

/** The head of a final answer. */
export type ResponseHead = {
  status: number;
  headers: readonly Header[];
  /** Another request may follow on the same connection. */
  keepAlive: boolean;
};

/** Gets an answer as it comes. */
export type ResponseSink = BodySink & { onHead: (head: ResponseHead) => void };

/** Where an answer stands. `bad`: what came is not HTTP/1.x, or announces what nobody can read. */
export type ResponseState =
  | { kind: 'head' }
  | { kind: 'body' }
  | { kind: 'done' }
  | { kind: 'bad'; reason: string };

const HEAD: ResponseState = { kind: 'head' };
const BODY: ResponseState = { kind: 'body' };
const DONE: ResponseState = { kind: 'done' };
const STATUS_LINE = /^HTTP\/1\.([01]) ([1-9]\d\d)(?: .*)?$/;

/**
 * Reads one HTTP/1.x answer (RFC 9112) from bytes cut anywhere. Interim answers (1xx) are passed over. It has no
 * clock and no socket, and never looks at a byte beyond those it is given.
 */
export class ResponseReader {
  readonly #sink: ResponseSink;
  readonly #head = new HeadCollector();
  #body: BodyDecoder | null = null;
  #state: ResponseState = HEAD;

  constructor(sink: ResponseSink) {
    this.#sink = sink;
  }

  get state(): ResponseState {
    return this.#state;
  }

  /** Takes bytes; gives the index of the first behind the answer, which is `end` unless the server sent too much. */
  feed(bytes: Buffer, start: number, end: number): number {
    let at = start;
    while (at < end && this.#state === HEAD) at = this.#feedHead(bytes, at, end);
    return this.#state === BODY ? this.#feedBody(bytes, at, end) : at;
  }

  /** The connection ended: true when that was a proper end of the answer. */
  close(): boolean {
    if (this.#body?.untilClose === true) this.#state = DONE;
    return this.#state === DONE;
  }

  #feedHead(bytes: Buffer, start: number, end: number): number {
    const collected = this.#head.collect(bytes, start, end);
    if (collected === 'more') return end;
    if (collected === 'too-long') return this.#fail('its head is too long', end);
    this.#readHead(collected.text);
    return collected.next;
  }

  #readHead(text: string): void {
    const head = parseHead(text);
    const line = head === null ? null : STATUS_LINE.exec(head.startLine);
    if (head === null || line === null) {
      this.#fail('what came is not an HTTP/1.1 answer', 0);
      return;
    }
    const { headers } = head;
    const status = Number(line[2]);
    if (status === 101) this.#fail('the server wants to leave HTTP (status 101)', 0);
    if (status < 200) return;
    const bodyless = status === 204 || status === 304;
    const framing = bodyless ? ({ kind: 'none' } as const) : framingOf(headers, { kind: 'until-close' });
    if (framing.kind === 'bad') {
      this.#fail(framing.reason, 0);
      return;
    }
    this.#body = new BodyDecoder(framing, this.#sink);
    this.#state = this.#body.done ? DONE : BODY;
    const keepAlive = framing.kind !== 'until-close' && isKeptAlive(line[1] === '1', headers);
    this.#sink.onHead({ status, headers, keepAlive });
  }

  #feedBody(bytes: Buffer, start: number, end: number): number {
    const body = this.#body;
    if (body === null) return start;
    const next = body.decode(bytes, start, end);
    if (body.done) this.#state = DONE;
    else if (body.fault !== null) return this.#fail(body.fault, next);
    return next;
  }

  #fail(reason: string, next: number): number {
    this.#state = { kind: 'bad', reason };
    return next;
  }
}

function isKeptAlive(isHttp11: boolean, headers: readonly Header[]): boolean {
  const words = headerWords(headers, 'connection');
  return isHttp11 ? !words.includes('close') : words.includes('keep-alive');
}
