import { BodyDecoder } from '../../http1/body-decoder.ts';
import { framingOf } from '../../http1/body-framing.ts';
import { type Header, HeadCollector, headerWords, parseHead } from '../../http1/message-head.ts';

/** A request read whole. */
export type FrontRequest = {
  method: string;
  /** Without the query. */
  path: string;
  headers: readonly Header[];
  body: Buffer;
  /** The client is ready for another answer on this connection. */
  keepAlive: boolean;
  /** When its first byte was read, ms on `performance.now()`'s clock. */
  beganAtMs: number;
};

/** What there is after some bytes. Nothing can follow `bad` on the same connection. */
export type Reading =
  | { kind: 'more' }
  /** The client waits for leave to send its body. */
  | { kind: 'continue' }
  | { kind: 'request'; request: FrontRequest }
  | { kind: 'bad'; status: 400 | 413 | 431 | 505; message: string };

/** Longest request body, bytes: room for images and long contexts. */
export const MAX_BODY_BYTES = 64 * 1024 * 1024;

type Head = Omit<FrontRequest, 'body' | 'beganAtMs'> & { expectsContinue: boolean };
type Bad = Extract<Reading, { kind: 'bad' }>;

const MORE: Reading = { kind: 'more' };
const CONTINUE: Reading = { kind: 'continue' };
const REQUEST_LINE = /^([A-Z]{1,20}) (\S+) HTTP\/(\d)\.(\d)$/;

/** Reads HTTP/1.x requests one after the other, from bytes cut anywhere. */
export class RequestReader {
  readonly #headCollector = new HeadCollector();
  #rest: Buffer | null = null;
  #head: Head | null = null;
  #body: BodyDecoder | null = null;
  #parts: Buffer[] = [];
  #bodyBytes = 0;
  #beganAtMs = 0;

  /** A request has begun and is not whole. */
  get isInside(): boolean {
    return this.#head !== null || !this.#headCollector.isEmpty;
  }

  /** Bytes came after the last request: there may be another one. */
  get hasRest(): boolean {
    return this.#rest !== null;
  }

  /** Takes bytes, which must stay unchanged; null goes on with what came before. */
  feed(bytes: Buffer | null, atMs: number): Reading {
    const all = this.#withRest(bytes);
    if (all === null) return MORE;
    let at = 0;
    if (this.#head === null) {
      if (this.#headCollector.isEmpty) this.#beganAtMs = atMs;
      const collected = this.#headCollector.collect(all, 0, all.length);
      if (collected === 'more') return MORE;
      if (collected === 'too-long') return bad(431, 'the request head is over 64 kB');
      const problem = this.#begin(collected.text);
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

  #begin(text: string): Bad | null {
    const head = readRequestHead(text);
    if ('kind' in head) return head;
    const framing = framingOf(head.headers, { kind: 'none' });
    if (framing.kind === 'bad' || framing.kind === 'until-close') {
      return bad(400, 'the end of the request body cannot be told');
    }
    if (framing.kind === 'length' && framing.bytes > MAX_BODY_BYTES) return tooLarge();
    this.#head = head;
    this.#body = new BodyDecoder(framing, {
      onBody: (bytes, start, end) => {
        this.#parts.push(bytes.subarray(start, end));
        this.#bodyBytes += end - start;
      },
    });
    return null;
  }

  #readBody(bytes: Buffer, start: number): Reading {
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
      request: { ...request, body: whole ?? Buffer.alloc(0), beganAtMs: this.#beganAtMs },
    };
  }
}

function readRequestHead(text: string): Head | Bad {
  const parsed = parseHead(text);
  const line = parsed === null ? null : REQUEST_LINE.exec(parsed.startLine);
  if (parsed === null || line === null) return bad(400, 'what came is not an HTTP/1.1 request');
  const [, method = '', target = '', major, minor] = line;
  if (major !== '1') return bad(505, 'only HTTP/1.1 and HTTP/1.0 are spoken here');
  const { headers } = parsed;
  const connection = headerWords(headers, 'connection');
  return {
    method,
    path: target.replace(/[?#].*$/s, ''),
    headers,
    keepAlive: minor === '0' ? connection.includes('keep-alive') : !connection.includes('close'),
    expectsContinue: headerWords(headers, 'expect').includes('100-continue'),
  };
}

function bad(status: Bad['status'], message: string): Bad {
  return { kind: 'bad', status, message };
}

function tooLarge(): Bad {
  return bad(413, `the request body is over ${MAX_BODY_BYTES} bytes`);
}
