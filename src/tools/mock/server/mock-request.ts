import type { WireRequest } from '../../http1/request-reader.ts';

/** A request as the mock looks at it. */
export type MockRequest = {
  method: string;
  /** Without the query. */
  path: string;
  query: URLSearchParams;
  /** By lower-case name; repeated ones joined by commas. */
  headers: ReadonlyMap<string, string>;
  /** UTF-8; bytes that are not become U+FFFD. */
  body: string;
  /** The client is ready for another answer on this connection. */
  keepAlive: boolean;
  /** HTTP/1.1: the answer may come in chunks. */
  chunks: boolean;
  /** When the head was complete, and when the request was, on the mock's clock, ms. */
  headersAtMs: number;
  arrivalMs: number;
};

const NO_QUERY = new URLSearchParams();

/** @param times when the event loop woke up for the request's last bytes, and when they were read, ms. */
export function mockRequestOf(
  request: WireRequest,
  { polledAtMs, nowMs }: { polledAtMs: number; nowMs: number },
): MockRequest {
  const headers = new Map<string, string>();
  for (const [spelling, value] of request.headers) {
    const name = spelling.toLowerCase();
    const before = headers.get(name);
    headers.set(name, before === undefined ? value : `${before}, ${value}`);
  }
  return {
    method: request.method,
    path: request.path,
    query: request.query === '' ? NO_QUERY : new URLSearchParams(request.query),
    headers,
    body: request.body.toString('utf8'),
    keepAlive: request.keepAlive,
    chunks: request.isHttp11,
    headersAtMs: request.headAtMs,
    // What came in one read had arrived whole when the loop woke up.
    arrivalMs: request.cameInOneRead ? polledAtMs : nowMs,
  };
}
