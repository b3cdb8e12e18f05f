import { BodyDecoder } from './body-decoder.ts';
import { framingOf } from './framing.ts';
import { type Header, HeadCollector, headerValue, headerWords, parseHead } from './message-head.ts';

/** A request read whole. */
export type WireRequest = {
  method: string;
  /** Without the query. */
  path: string;
  /** Behind the `?`; empty without one. */
  query: string;
  headers: readonly Header[];
  body: Buffer;
  /** The client is ready for another answer on this connection. */
  keepAlive: boolean;
  /** HTTP/1.1: an answer may come in chunks. */
  isHttp11: boolean;
  /** When its first byte was read, and when its head was complete, on the clock of whoever feeds. */
  beganAtMs: number;
  headAtMs: number;
  /** All of it came in one read. */
  cameInOneRead: boolean;
};

/** What there is after some bytes. Nothing can follow `bad` on the same connection. */
export type RequestReading =
  | { kind: 'more' }
  /** The client waits for leave to send its body. */
  | { kind: 'continue' }
  | { kind: 'request'; request: WireRequest }
  | { kind: 'bad'; status: 400 | 413 | 431 | 501 | 505; message: string };

/** Longest request body, bytes: room for images and long contexts. */
export const MAX_BODY_BYTES = 64 * 1024 * 1024;

/** What a piece of a body costs to keep, counted against the limit, so that a million tiny chunks cannot pass it. */
const PIECE_OVERHEAD_BYTES = 64;

type Head = Omit<WireRequest, 'body' | 'beganAtMs' | 'cameInOneRead'> & { expectsContinue: boolean };
type Bad = Extract<RequestReading, { kind: 'bad' }>;

const MORE: RequestReading = { kind: 'more' };
const CONTINUE: RequestReading = { kind: 'continue' };
const REQUEST_LINE = /^([A-Z]{1,20}) (\S+) HTTP\/(\d)(?:\.(\d))?$/;

/** Reads HTTP/1.x requests (RFC 9112) one after the other, from bytes cut anywhere. It never throws. */
export class RequestReader {
  readonly #headCollector = new HeadCollector();
  #rest: Buffer | null = null;
  #head: Head | null = null;
  #body: BodyDecoder | null = null;
  #parts: Buffer[] = [];
  #bodyBytes = 0;
  #beganAtMs = 0;
  /** The present request began in an earlier read. */
  #isCut = false;

  /** A request has begun and is not whole. */
  get isInside(): boolean {
    return this.#head !== null || !this.#headCollector.isEmpty;
  }

  /** Bytes came after the last request: there may be another one. */
  get hasRest(): boolean {
    return this.#rest !== null;
  }

  /** Takes bytes, which must stay unchanged; null goes on with what came before. */
  feed(bytes: Buffer | null, atMs: number): RequestReading {
    const all = this.#withRest(bytes);
    if (all === null) return MORE;
    this.#isCut = this.isInside;
    let at = 0;
    if (this.#head === null) {
      if (this.#headCollector.isEmpty) {
        this.#beganAtMs = atMs;
        at = afterBlankLines(all);
        if (at === all.length) return MORE;
      }
      const collected = this.#headCollector.collect(all, at, all.length);
      if (collected === 'more') return MORE;
      if (collected === 'too-long') return bad(431, 'the request head is over 64 kB');
      const problem = this.#begin(collected.text, atMs);
      if (problem !== null) return problem;
      at = collected.next;
      if (at === all.length && this.#waitsForLeave()) return CONTINUE;
    }
    return this.#readBody(all, at);
  }

  #waitsForLeave(): boolean {
    return this.#head?.expectsContinue === true && this.#body?.done === false;
  }

  #withRest(bytes: Buffer | null): Buffer | null {
    const rest = this.#rest;
    this.#rest = null;
    if (rest === null || bytes === null) return bytes ?? rest;
    return Buffer.concat([rest, bytes]);
  }

  #begin(text: string, headAtMs: number): Bad | null {
    const head = readRequestHead(text, headAtMs);
    if ('kind' in head) return head;
    const framing = framingOf(head.headers, { kind: 'none' });
    if (framing.kind === 'bad' || isFramedTwice(head.headers)) {
      return bad(400, 'the end of the request body cannot be told');
    }
    if (framing.kind === 'until-close') return bad(501, 'only the transfer coding "chunked" is known here');
    if (framing.kind === 'length' && framing.bytes > MAX_BODY_BYTES) return tooLarge();
    this.#head = head;
    this.#body = new BodyDecoder(framing, {
      onBody: (bytes, start, end) => {
        this.#parts.push(bytes.subarray(start, end));
        this.#bodyBytes += end - start + PIECE_OVERHEAD_BYTES;
      },
    });
    return null;
  }

  #readBody(bytes: Buffer, start: number): RequestReading {
    const head = this.#head;
    const body = this.#body;
    if (head === null || body === null) return MORE;
    const next = body.done ? start : body.decode(bytes, start, bytes.length);
    if (body.fault !== null) return bad(400, `the request body is broken: ${body.fault}`);
    if (this.#bodyBytes > MAX_BODY_BYTES) return tooLarge();
    if (!body.done) return MORE;
    if (next < bytes.length) this.#rest = bytes.subarray(next);
    const { expectsContinue: _, ...request } = head;
    const whole = this.#parts.length === 1 ? this.#parts[0] : Buffer.concat(this.#parts);
    this.#head = null;
    this.#body = null;
    this.#parts = [];
    this.#bodyBytes = 0;
    return {
      kind: 'request',
      request: {
        ...request,
        body: whole ?? Buffer.alloc(0),
        beganAtMs: this.#beganAtMs,
        cameInOneRead: !this.#isCut,
      },
    };
  }
}

function readRequestHead(text: string, headAtMs: number): Head | Bad {
  const parsed = parseHead(text);
  const line = parsed === null ? null : REQUEST_LINE.exec(parsed.startLine);
  if (parsed === null || line === null) return bad(400, 'what came is not an HTTP/1.1 request');
  const [, method = '', target = '', major, minor] = line;
  if (major !== '1') return bad(505, 'only HTTP/1.1 and HTTP/1.0 are spoken here');
  const { headers } = parsed;
  const connection = headerWords(headers, 'connection');
  const [path = '', query = ''] = target.replace(/#.*$/s, '').split(/\?(.*)/s);
  return {
    method,
    path,
    query,
    headers,
    isHttp11: minor !== '0',
    headAtMs,
    keepAlive: minor === '0' ? connection.includes('keep-alive') : !connection.includes('close'),
    expectsContinue: headerWords(headers, 'expect').includes('100-continue'),
  };
}

/** Both a length and chunks: two servers in a row could see two different requests (RFC 9112, section 6.1). */
function isFramedTwice(headers: readonly Header[]): boolean {
  return (
    headerValue(headers, 'content-length') !== null && headerValue(headers, 'transfer-encoding') !== null
  );
}

/** Where the request begins: blank lines before it are passed over (RFC 9112, section 2.2). */
function afterBlankLines(bytes: Buffer): number {
  let at = 0;
  while (bytes[at] === 0x0d || bytes[at] === 0x0a) at += 1;
  return at;
}

function bad(status: Bad['status'], message: string): Bad {
  return { kind: 'bad', status, message };
}

function tooLarge(): Bad {
  return bad(413, `the request body is over ${MAX_BODY_BYTES} bytes`);
}
