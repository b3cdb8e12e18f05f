import { describe, expect, test } from 'vitest';
import { randomFor } from '../../lib/numbers/random.ts';
import { MAX_BODY_BYTES, type RequestReading, RequestReader } from './request-reader.ts';

/** Everything that the pieces amount to, `more` left out. */
function read(pieces: readonly string[]): RequestReading[] {
  const reader = new RequestReader();
  const readings: RequestReading[] = [];
  for (const piece of pieces) {
    let reading = reader.feed(Buffer.from(piece, 'latin1'), 1);
    for (;;) {
      if (reading.kind !== 'more') readings.push(reading);
      if (!reader.hasRest || reading.kind === 'bad') break;
      reading = reader.feed(null, 1);
    }
  }
  return readings;
}

/** The requests among the readings, in short. */
function summary(readings: RequestReading[]): unknown[] {
  return readings.map((reading) => {
    if (reading.kind !== 'request') return reading;
    const { method, path, keepAlive, body } = reading.request;
    return { method, path, keepAlive, body: body.toString('latin1') };
  });
}

const CHAT = 'POST /v1/chat/completions?x=1 HTTP/1.1\r\nHost: m\r\nX-Mock-Fault: stall\r\n';

describe('requests are read', () => {
  const wire = [
    `${CHAT}Content-Length: 4\r\n\r\n{\r\n}`,
    'GET /v1/models HTTP/1.1\r\nConnection: close\r\n\r\n',
    `${CHAT}Transfer-Encoding: chunked\r\n\r\n2\r\n{"\r\n3\r\n":1\r\n1\r\n}\r\n0\r\n\r\n`,
  ].join('');
  const expected = [
    { method: 'POST', path: '/v1/chat/completions', keepAlive: true, body: '{\r\n}' },
    { method: 'GET', path: '/v1/models', keepAlive: false, body: '' },
    { method: 'POST', path: '/v1/chat/completions', keepAlive: true, body: '{"":1}' },
  ];
  test('one after the other, sent at once', () => expect(summary(read([wire]))).toEqual(expected));
  test('byte by byte', () => expect(summary(read(wire.split('')))).toEqual(expected));
  test('cut anywhere', () => {
    for (let cut = 1; cut < wire.length; cut += 1) {
      expect(summary(read([wire.slice(0, cut), wire.slice(cut)])), `cut at ${cut}`).toEqual(expected);
    }
  });

  test('headers keep their spelling and order', () => {
    const [reading] = read([wire]);
    expect(reading?.kind === 'request' && reading.request.headers.slice(0, 2)).toEqual([
      ['Host', 'm'],
      ['X-Mock-Fault', 'stall'],
    ]);
  });

  test('a client that waits for leave gets it', () => {
    const head = `${CHAT}Expect: 100-continue\r\nContent-Length: 2\r\n\r\n`;
    expect(read([head, '{}']).map(({ kind }) => kind)).toEqual(['continue', 'request']);
    expect(read([`${head}{}`]).map(({ kind }) => kind)).toEqual(['request']);
  });

  test('blank lines before a request are passed over', () => {
    expect(summary(read(['\r\n', `\r\n${wire}`]))).toEqual(expected);
  });

  test('the query is apart, and a text that came cut is known', () => {
    const requests = [read([wire]), read([wire.slice(0, 20), wire.slice(20)])].map(([first]) =>
      first?.kind === 'request' ? first.request : null,
    );
    expect(requests).toMatchObject([
      { query: 'x=1', cameInOneRead: true, isHttp11: true },
      { query: 'x=1', cameInOneRead: false },
    ]);
  });

  test.each([
    ['HTTP/1.1', '', true],
    ['HTTP/1.1', 'Connection: close\r\n', false],
    ['HTTP/1.0', '', false],
    ['HTTP/1.0', 'Connection: Keep-Alive\r\n', true],
  ])('%s with "%s" keeps its connection: %s', (version, header, keepAlive) => {
    expect(read([`GET / ${version}\r\n${header}\r\n`])).toMatchObject([{ request: { keepAlive } }]);
  });
});

describe('what is refused', () => {
  test.each([
    [400, 'nonsense\r\n\r\n'],
    [400, 'POST / HTTP/1.1\r\nno colon\r\n\r\n'],
    [400, 'POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n'],
    [400, 'GET / x HTTP/1.1\r\n\r\n'],
    [400, 'GET / HTTP/1.1\r\n: x\r\n\r\n'],
    [400, 'POST / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n'],
    [400, 'POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n'],
    [501, 'POST / HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n'],
    [505, 'GET / HTTP/2\r\n\r\n'],
    [400, 'POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n'],
    [505, 'POST / HTTP/2.0\r\n\r\n'],
    [431, `POST / HTTP/1.1\r\nx: ${'x'.repeat(65_536)}\r\n\r\n`],
    [413, `POST / HTTP/1.1\r\nContent-Length: ${MAX_BODY_BYTES + 1}\r\n\r\n`],
  ])('%i', (status, wire) => {
    expect(read([wire])).toMatchObject([{ kind: 'bad', status }]);
  });

  test('a chunked body that grows past the limit', () => {
    const reader = new RequestReader();
    reader.feed(Buffer.from('POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n'), 1);
    const size = 1024 * 1024;
    const chunk = Buffer.concat([
      Buffer.from(`${size.toString(16)}\r\n`),
      Buffer.alloc(size),
      Buffer.from('\r\n'),
    ]);
    let reading: RequestReading = { kind: 'more' };
    for (let count = 0; count <= MAX_BODY_BYTES / size && reading.kind === 'more'; count += 1) {
      reading = reader.feed(chunk, 1);
    }
    expect(reading).toMatchObject({ kind: 'bad', status: 413 });
  });

  test('random bytes throw nothing', () => {
    const random = randomFor(1, 'fuzz');
    const wire = `${CHAT}Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\nGET / HTTP/1.1\r\n\r\n`;
    for (let round = 0; round < 300; round += 1) {
      const letters = wire.split('');
      for (let change = 0; change < 5; change += 1) {
        letters[Math.floor(random.next() * letters.length)] = String.fromCharCode(
          Math.floor(random.next() * 256),
        );
      }
      const cut = Math.floor(random.next() * letters.length);
      const pieces = [letters.slice(0, cut).join(''), letters.slice(cut).join('')];
      expect(() => read(pieces)).not.toThrow();
    }
  });

  test('a million tiny chunks, which cost more to keep than they hold', () => {
    const reader = new RequestReader();
    reader.feed(Buffer.from('POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n'), 1);
    const chunks = Buffer.from('1\r\nx\r\n'.repeat(100_000));
    let reading: RequestReading = { kind: 'more' };
    for (let round = 0; round < 11 && reading.kind === 'more'; round += 1) reading = reader.feed(chunks, 1);
    expect(reading).toMatchObject({ kind: 'bad', status: 413 });
  });
});
