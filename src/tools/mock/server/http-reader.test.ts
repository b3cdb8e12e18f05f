import { describe, expect, test } from 'vitest';
import { MAX_BODY_BYTES } from './http-body.ts';
import { MAX_HEAD_BYTES, HttpReader, type HttpReading } from './http-reader.ts';
import { randomFor } from '../../../lib/numbers/random.ts';

/** Feeds parts one by one; collects all readings but `more`. */
function read(parts: readonly (string | Buffer)[]): HttpReading[] {
  const reader = new HttpReader();
  const readings: HttpReading[] = [];
  for (const [index, part] of parts.entries()) {
    reader.feed(typeof part === 'string' ? Buffer.from(part) : part, {
      polledAtMs: index,
      nowMs: index + 0.5,
    });
    for (let reading = reader.next(); reading.kind !== 'more'; reading = reader.next()) {
      readings.push(reading);
      if (reading.kind !== 'request') break;
    }
  }
  return readings;
}

function bodies(readings: readonly HttpReading[]): string[] {
  return readings.map((reading) => (reading.kind === 'request' ? reading.request.body : reading.kind));
}

const LENGTH = 'POST /v1/chat/completions?a=1 HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nh\u00e9y!';
const CHUNKED =
  'POST /x HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;q=1\r\nde\r\n0\r\nT: 1\r\n\r\n';

describe('a request', () => {
  test('is read with its parts', () => {
    const [reading] = read([LENGTH]);
    expect(reading).toMatchObject({
      kind: 'request',
      request: {
        method: 'POST',
        path: '/v1/chat/completions',
        body: 'h\u00e9y!',
        keepAlive: true,
        chunks: true,
      },
    });
    if (reading?.kind !== 'request') return;
    expect(reading.request.query.get('a')).toBe('1');
    expect(reading.request.headers.get('host')).toBe('x');
  });

  test.each([
    ['of a known length', LENGTH, 'h\u00e9y!'],
    ['in chunks', CHUNKED, 'abcde'],
    ['without a body', 'GET / HTTP/1.1\r\n\r\n', ''],
  ])('%s is the same cut at every place, and byte by byte', (_, text, body) => {
    const bytes = Buffer.from(text);
    for (let cut = 0; cut <= bytes.length; cut += 1) {
      expect(bodies(read([bytes.subarray(0, cut), bytes.subarray(cut)]))).toEqual([body]);
    }
    expect(bodies(read([...bytes].map((byte) => Buffer.from([byte]))))).toEqual([body]);
  });

  test('follows another in the same read', () => {
    expect(bodies(read([LENGTH + CHUNKED + LENGTH]))).toEqual(['h\u00e9y!', 'abcde', 'h\u00e9y!']);
  });

  test('had arrived when the loop woke up if it came in one read, else when its last byte was read', () => {
    const arrivals = [read([LENGTH]), read([LENGTH.slice(0, 20), LENGTH.slice(20)])].map(([reading]) =>
      reading?.kind === 'request' ? reading.request.arrivalMs : null,
    );
    expect(arrivals).toEqual([0, 1.5]);
  });

  test('that waits for a go-ahead is told to go on', () => {
    const [head, body] = ['POST / HTTP/1.1\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n', 'ok'];
    expect(bodies(read([head, body]))).toEqual(['continue', 'ok']);
    expect(bodies(read([head + body]))).toEqual(['ok']);
  });

  test.each([
    ['HTTP/1.1', '', true],
    ['HTTP/1.1', 'Connection: close\r\n', false],
    ['HTTP/1.0', '', false],
    ['HTTP/1.0', 'Connection: Keep-Alive\r\n', true],
  ])('%s with "%s" keeps its connection: %s', (version, header, keepAlive) => {
    const [reading] = read([`GET / ${version}\r\n${header}\r\n`]);
    expect(reading).toMatchObject({ request: { keepAlive } });
  });
});

describe('what is not a request is bad', () => {
  test.each([
    ['no request line', 'hello\r\n\r\n', 400],
    ['a space too many', 'GET / x HTTP/1.1\r\n\r\n', 400],
    ['another protocol', 'GET / HTTP/2\r\n\r\n', 505],
    ['a header without a name', 'GET / HTTP/1.1\r\n: x\r\n\r\n', 400],
    ['a length that is no number', 'POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n', 400],
    ['two framings', 'POST / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n', 400],
    ['an unknown coding', 'POST / HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n', 501],
    ['a body too long', `POST / HTTP/1.1\r\nContent-Length: ${MAX_BODY_BYTES + 1}\r\n\r\n`, 413],
    ['a chunk too long', 'POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nfffffff\r\n', 413],
    ['a chunk size that is no number', 'POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n', 400],
    ['a chunk longer than it says', 'POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n', 400],
    ['a head too long', `GET /${'x'.repeat(MAX_HEAD_BYTES)}`, 431],
  ])('%s', (_, text, status) => {
    expect(read([text])).toEqual([expect.objectContaining({ kind: 'bad', status })]);
  });

  test('and random bytes throw nothing', () => {
    const random = randomFor(1, 'fuzz');
    for (let round = 0; round < 300; round += 1) {
      const bytes = Buffer.from(CHUNKED + LENGTH);
      for (let change = 0; change < 5; change += 1) {
        bytes[Math.floor(random.next() * bytes.length)] = Math.floor(random.next() * 256);
      }
      const cut = Math.floor(random.next() * bytes.length);
      expect(() => read([bytes.subarray(0, cut), bytes.subarray(cut)])).not.toThrow();
    }
  });
});
