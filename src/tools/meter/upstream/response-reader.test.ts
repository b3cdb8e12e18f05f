import { describe, expect, test } from 'vitest';
import { MAX_HEAD_BYTES } from '../../http1/message-head.ts';
import { type ResponseHead, ResponseReader } from './response-reader.ts';

type Read = {
  head: ResponseHead | null;
  body: string;
  state: string;
  /** Bytes behind the answer. */
  left: string;
  closedWell: boolean;
};

/** Feeds an answer in pieces, each in a buffer with rubbish around it: nothing outside may be looked at. */
function read(pieces: readonly string[]): Read {
  let head: ResponseHead | null = null;
  let body = '';
  const reader = new ResponseReader({
    onHead: (found) => {
      head = found;
    },
    onBody: (bytes, start, end) => {
      body += bytes.toString('latin1', start, end);
    },
  });
  let left = '';
  for (const piece of pieces) {
    const before = '\r\n\r\n0\r\n';
    const bytes = Buffer.from(`${before}${piece}\r\n\r\nHTTP/1.1 999 rubbish`, 'latin1');
    const end = before.length + piece.length;
    const next = reader.feed(bytes, before.length, end);
    left += bytes.toString('latin1', next, end);
  }
  const state = reader.state.kind;
  return { head, body, state, left, closedWell: reader.close() };
}

const CHUNKED = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n';

const ANSWERS: readonly { name: string; wire: string; status: number; body: string; keepAlive: boolean }[] = [
  {
    name: 'chunked, with extensions and trailers',
    wire: `${CHUNKED}3\r\nabc\r\n1;x="y"\r\nd\r\nA \r\n0123456789\r\n0\r\nX-Sum: 1\r\nY: 2\r\n\r\n`,
    status: 200,
    body: 'abcd0123456789',
    keepAlive: true,
  },
  {
    name: 'chunks whose data look like their own framing',
    wire: `${CHUNKED}7\r\n\r\n0\r\n\r\n\r\n5\r\n\r\n0\r\n\r\n0\r\n\r\n`,
    status: 200,
    body: '\r\n0\r\n\r\n\r\n0\r\n',
    keepAlive: true,
  },
  {
    name: 'content-length, closing',
    wire: 'HTTP/1.1 429 Too Many\r\ncontent-length: 5\r\nConnection: Close\r\n\r\nhello',
    status: 429,
    body: 'hello',
    keepAlive: false,
  },
  {
    name: 'interim answers before',
    wire: 'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\nHTTP/1.1 201 \r\nContent-Length: 2, 2\r\n\r\nok',
    status: 201,
    body: 'ok',
    keepAlive: true,
  },
  {
    name: 'no body by status',
    wire: 'HTTP/1.1 204 No Content\r\ncontent-length: 7\r\n\r\n',
    status: 204,
    body: '',
    keepAlive: true,
  },
  {
    name: 'lone line feeds, HTTP/1.0 kept alive',
    wire: 'HTTP/1.0 200\nConnection: keep-alive\nContent-Length: 3\n\nabc',
    status: 200,
    body: 'abc',
    keepAlive: true,
  },
  {
    name: 'chunked wins over content-length',
    wire: 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: Chunked\r\n\r\n3\nabc\n0\n\n',
    status: 200,
    body: 'abc',
    keepAlive: true,
  },
];

describe('an answer is read to its end, and not a byte further', () => {
  test.each(ANSWERS)('$name', ({ wire, status, body, keepAlive }) => {
    const next = 'HTTP/1.1 200 OK\r\n';
    expect(read([wire + next])).toMatchObject({
      head: { status, keepAlive },
      body,
      state: 'done',
      left: next,
    });
  });

  test.each(ANSWERS)('$name, cut everywhere', ({ wire, status, body }) => {
    for (let cut = 1; cut < wire.length; cut += 1) {
      const got = read([wire.slice(0, cut), wire.slice(cut)]);
      expect(got, `cut at ${cut}`).toMatchObject({ head: { status }, body, state: 'done', left: '' });
    }
    expect(read(wire.split(''))).toMatchObject({ head: { status }, body, state: 'done', left: '' });
  });

  test.each(ANSWERS)('$name, ended too soon', ({ wire }) => {
    for (let cut = 0; cut < wire.length; cut += 1) {
      const got = read([wire.slice(0, cut)]);
      expect(got.closedWell, `cut at ${cut}`).toBe(false);
    }
  });
});

test('without framing, the body ends with the connection', () => {
  const got = read(['HTTP/1.1 200 OK\r\n\r\nabc', 'def']);
  expect(got).toMatchObject({ head: { keepAlive: false }, body: 'abcdef', state: 'body', closedWell: true });
});

describe('what nobody can read is bad, and says why', () => {
  test.each([
    ['not HTTP', 'SSH-2.0-OpenSSH\r\n\r\n'],
    ['HTTP/2', 'HTTP/2 200\r\n\r\n'],
    ['a header without a name', 'HTTP/1.1 200 OK\r\n: x\r\n\r\n'],
    ['a blank before the colon', 'HTTP/1.1 200 OK\r\nContent-Length : 3\r\n\r\nabc'],
    ['two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabc'],
    ['a length that is no number', 'HTTP/1.1 200 OK\r\nContent-Length: 0x3\r\n\r\nabc'],
    ['another protocol', 'HTTP/1.1 101 Switching\r\nUpgrade: h2c\r\n\r\n'],
    ['compressed chunks', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n'],
    ['a chunk size that is none', `${CHUNKED}xyz\r\n`],
    ['an empty chunk size', `${CHUNKED}\r\nabc`],
    ['a negative chunk size', `${CHUNKED}-1\r\nabc`],
    ['a huge chunk size', `${CHUNKED}fffffffffff\r\n`],
    ['a chunk longer than its size', `${CHUNKED}2\r\nabc\r\n`],
    ['an endless chunk extension', `${CHUNKED}2;${'x'.repeat(MAX_HEAD_BYTES + 1)}`],
    ['an endless head', `HTTP/1.1 200 OK\r\nx: ${'x'.repeat(MAX_HEAD_BYTES)}`],
  ])('%s', (_, wire) => {
    expect(read([wire]).state).toBe('bad');
    expect(read(wire.match(/[^]{1,1000}/g) ?? []).state).toBe('bad');
  });
});
