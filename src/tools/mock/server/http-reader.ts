import { BodyReader } from './http-body.ts';

/** A request read whole. */
export type HttpRequest = {
  method: string;
  /** Without the query. */
  path: string;
  query: URLSearchParams;
  /** By lower-case name; repeated ones joined by commas. */
  headers: ReadonlyMap<string, string>;
  body: string;
  /** The client is ready for another answer on this connection. */
  keepAlive: boolean;
  /** HTTP/1.1: the answer may come in chunks. */
  chunks: boolean;
  /** When the head was complete, and when the body was, on the clock of the caller, ms. */
  headersAtMs: number;
  arrivalMs: number;
};

/** What a reader has after some bytes. `bad` cannot be followed by anything on the same connection. */
export type HttpReading =
  | { kind: 'more' }
  | { kind: 'continue' }
  | { kind: 'request'; request: HttpRequest }
  | { kind: 'bad'; status: 400 | 413 | 431 | 501 | 505; message: string };

export const MAX_HEAD_BYTES = 64 * 1024;

/** A request whose `body` and `arrivalMs` are still to come. */
type Head = { request: HttpRequest; expectsContinue: boolean };
type Times = { polledAtMs: number; nowMs: number };

const EMPTY = Buffer.alloc(0);
const MORE: HttpReading = { kind: 'more' };
const CONTINUE: HttpReading = { kind: 'continue' };

/**
 * Reads HTTP/1.x requests (RFC 9112) from bytes cut anywhere. It never throws: what is not HTTP is `bad`.
 * The caller feeds bytes and asks for readings until it gets `more`.
 */
export class HttpReader {
  #bytes: Buffer = EMPTY;
  #times: Times = { polledAtMs: 0, nowMs: 0 };
  /** The request so far came in one read: it had arrived whole when the loop woke up. */
  #inOneRead = true;
  #head: Head | null = null;
  #body: BodyReader | null = null;

  /** Bytes that belong to no finished request. */
  get pendingBytes(): number {
    return this.#bytes.length;
  }

  feed(bytes: Buffer, times: Times): void {
    this.#inOneRead = this.#bytes.length === 0 && this.#head === null;
    this.#bytes = this.#bytes.length === 0 ? bytes : Buffer.concat([this.#bytes, bytes]);
    this.#times = times;
  }

  next(): HttpReading {
    if (this.#head === null) {
      const reading = this.#readHead();
      if (reading !== null) return reading;
    }
    return this.#readBody();
  }

  /** null: the head is there. */
  #readHead(): HttpReading | null {
    let start = 0;
    while (this.#bytes[start] === 0x0d && this.#bytes[start + 1] === 0x0a) start += 2;
    const end = this.#bytes.indexOf('\r\n\r\n', start, 'latin1');
    if (end < 0) {
      if (this.#bytes.length <= MAX_HEAD_BYTES) return MORE;
      return { kind: 'bad', status: 431, message: `request head is over ${MAX_HEAD_BYTES} bytes` };
    }
    const text = this.#bytes.toString('latin1', start, end);
    this.#bytes = this.#bytes.subarray(end + 4);
    const parsed = parseHead(text, this.#times.nowMs);
    if ('kind' in parsed) return parsed;
    const body = BodyReader.of(parsed.request.headers);
    if (!(body instanceof BodyReader)) return { kind: 'bad', ...body };
    this.#head = parsed;
    this.#body = body;
    return parsed.expectsContinue && this.#bytes.length === 0 && !body.done ? CONTINUE : null;
  }

  #readBody(): HttpReading {
    const head = this.#head;
    const body = this.#body;
    if (head === null || body === null) return MORE;
    const rest = body.read(this.#bytes);
    if (typeof rest === 'object' && 'status' in rest) return { kind: 'bad', ...rest };
    this.#bytes = rest;
    if (!body.done) return MORE;
    this.#head = null;
    this.#body = null;
    head.request.body = body.text();
    head.request.arrivalMs = this.#inOneRead ? this.#times.polledAtMs : this.#times.nowMs;
    return { kind: 'request', request: head.request };
  }
}

function parseHead(text: string, headersAtMs: number): Head | Extract<HttpReading, { kind: 'bad' }> {
  const lines = text.split('\r\n');
  const [method, target, version, ...extra] = (lines[0] ?? '').split(' ');
  if (method === undefined || target === undefined || version === undefined || extra.length > 0) {
    return { kind: 'bad', status: 400, message: 'the request line is not "METHOD target HTTP/1.1"' };
  }
  if (version !== 'HTTP/1.1' && version !== 'HTTP/1.0') {
    return { kind: 'bad', status: 505, message: 'only HTTP/1.1 and HTTP/1.0 are spoken here' };
  }
  const headers = new Map<string, string>();
  for (let index = 1; index < lines.length; index += 1) {
    const line = lines[index] ?? '';
    const colon = line.indexOf(':');
    if (colon <= 0) return { kind: 'bad', status: 400, message: 'a header line has no name' };
    const name = line.slice(0, colon).toLowerCase();
    const value = line.slice(colon + 1).trim();
    const before = headers.get(name);
    headers.set(name, before === undefined ? value : `${before}, ${value}`);
  }
  const mark = target.indexOf('?');
  const connection = headers.get('connection')?.toLowerCase() ?? '';
  const chunks = version === 'HTTP/1.1';
  const request: HttpRequest = {
    method,
    path: mark < 0 ? target : target.slice(0, mark),
    query: mark < 0 ? NO_QUERY : new URLSearchParams(target.slice(mark + 1)),
    headers,
    keepAlive: chunks ? !connection.includes('close') : connection.includes('keep-alive'),
    chunks,
    body: '',
    headersAtMs,
    arrivalMs: headersAtMs,
  };
  return { request, expectsContinue: headers.get('expect')?.toLowerCase() === '100-continue' };
}

const NO_QUERY = new URLSearchParams();
