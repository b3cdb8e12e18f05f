import type { Socket } from 'node:net';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { type Attack, type AttackKind, held } from './attack.ts';
import { ask, figuresOf, GOOD, openHostileServer, openMeter } from './targets.ts';
import { chunk, delta, event, STREAM_HEAD, TAIL } from '../support/stream-text.ts';

type Misdeed = {
  name: string;
  /** What is written, or done. */
  answer: string | Buffer | ((socket: Socket) => void);
  /** The outcomes that are right; default: any failure. */
  right?: readonly string[];
  stream?: boolean;
};

const body = (status: string, headers: string, text: string): string =>
  `HTTP/1.1 ${status}\r\n${headers}\r\n${text}`;
const close = (bytes: string | Buffer) => (socket: Socket) => socket.end(bytes);
const streamed = (events: string): string =>
  `HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n${events}`;

/** Heads, chunks and lengths that are not what they should be. */
const FRAMING: readonly Misdeed[] = [
  ...[
    'HTTP/2 200 OK\r\n\r\n',
    'HTTP/1.1 20 OK\r\n\r\n',
    'HTTP/1.1 2000 OK\r\n\r\n',
    'HTTP/1.1 -200 OK\r\n\r\n',
    '200 OK\r\n\r\n',
    'HTTP/1.1\r\n\r\n',
    '\r\n\r\n',
    '\0\0\0\0\r\n\r\n',
    'SSH-2.0-x\r\n\r\n',
    '<html></html>\r\n\r\n',
    '{"choices":[]}\r\n\r\n',
    'HTTP/1.1 200 OK\r\n : x\r\n\r\n',
    'HTTP/1.1 200 OK\r\nA B: x\r\n\r\n',
    'HTTP/1.1 200 OK\r\nA: b\r\n folded\r\n\r\n',
    'HTTP/1.1 200 OK\r\nno colon\r\n\r\n',
    'HTTP/1.1 101 Switching\r\nUpgrade: x\r\n\r\n',
  ].map((answer) => ({ name: `head ${JSON.stringify(answer.slice(0, 30))}`, answer: close(answer) })),
  { name: 'a head of a megabyte', answer: close(`HTTP/1.1 200 OK\r\nA: ${'a'.repeat(1 << 20)}\r\n\r\n`) },
  {
    name: 'a head without end',
    answer: (socket) => pour(socket, 'HTTP/1.1 200 OK\r\n', 'A: b\r\n'.repeat(1000)),
  },
  {
    name: 'ten thousand interim answers',
    answer: `${'HTTP/1.1 103 Early Hints\r\n\r\n'.repeat(10_000)}${GOOD}`,
    right: ['ok'],
  },
  { name: 'lone line feeds', answer: GOOD.replaceAll('\r\n', '\n'), right: ['ok'] },
  ...['-1', '+5', '0x10', '1e3', '5, 6', '99999999999999999999', 'NaN', '', '5 5'].map((length) => ({
    name: `content-length ${length}`,
    answer: close(body('200 OK', `Content-Length: ${length}\r\n`, '{"a":1}')),
  })),
  { name: 'a length beyond the body', answer: close(body('200 OK', 'Content-Length: 100\r\n', '{"a":1}')) },
  { name: 'two equal lengths', answer: body('200 OK', 'Content-Length: 2\r\nContent-Length: 2\r\n', '{}') },
  {
    name: 'length and chunks',
    answer: GOOD.replace('Transfer', 'Content-Length: 3\r\nTransfer'),
    right: ['ok'],
  },
  ...['gzip, chunked', 'chunked, identity', 'xchunked', 'chunked, chunked'].map((coding) => ({
    name: `transfer-encoding ${coding}`,
    answer: close(GOOD.replace('Encoding: chunked', `Encoding: ${coding}`)),
    right: ['network', 'truncated', 'invalid', 'stream_error', 'empty', 'ok'],
  })),
  ...['-5', 'g', '0x5', '5g', '', 'fffffffffffff', '5 5\r', ' 5', '\u00ff'].map((size) => ({
    name: `chunk size ${JSON.stringify(size)}`,
    answer: close(`${STREAM_HEAD}${size}\r\nhello\r\n0\r\n\r\n`),
  })),
  { name: 'a chunk longer than its size', answer: close(`${STREAM_HEAD}2\r\nhello\r\n0\r\n\r\n`) },
  {
    name: 'a chunk extension of a megabyte',
    answer: close(`${STREAM_HEAD}5;${'x'.repeat(1 << 20)}\r\nhello\r\n0\r\n\r\n`),
  },
  {
    name: 'trailers without end',
    answer: (socket) =>
      pour(socket, `${STREAM_HEAD}${chunk(delta('Hi') + TAIL)}0\r\n`, 'A: b\r\n'.repeat(1000)),
    right: ['truncated', 'ok'],
  },
  { name: 'two answers to one request', answer: GOOD + GOOD, right: ['ok'] },
  { name: 'an answer and garbage', answer: `${GOOD}garbage`, right: ['ok'] },
  { name: '204 with a body', answer: close('HTTP/1.1 204 No\r\n\r\n{}') },
  { name: '304', answer: close('HTTP/1.1 304 Not Modified\r\n\r\n') },
  ...[
    400, 401, 402, 403, 404, 408, 409, 413, 418, 422, 429, 451, 499, 500, 501, 502, 503, 504, 520, 529, 599,
    999,
  ].map((status) => ({
    name: `status ${status}`,
    answer: body(`${status} X`, 'Content-Length: 2\r\n', '{}'),
  })),
  ...[300, 301, 302, 303, 307, 308].map((status) => ({
    name: `redirect ${status}`,
    answer: body(`${status} X`, 'Location: http://127.0.0.1:1/evil\r\nContent-Length: 0\r\n', ''),
    right: ['bad_request'],
  })),
];

/** Counts and bodies that no server should send. */
const COUNTS: readonly Misdeed[] = [
  ...['1e400', '1e308', '-1', '"5"', 'null', '[]', '{}', 'true', '9007199254740993', '0.5', '"NaN"'].map(
    (count) => ({
      name: `usage of ${count}`,
      answer: close(
        streamed(`${delta('Hi')}${TAIL.replace('"completion_tokens":3', `"completion_tokens":${count}`)}`),
      ),
      right: ['ok'],
    }),
  ),
  ...['-1', '1e308', '1e400', '"0"', 'null', '[0]', '0.5', '4294967296'].map((index) => ({
    name: `choice ${index}`,
    answer: close(
      streamed(
        `${delta('Hi').replace('"index":0', `"index":${index}`)}${TAIL.replace('"index":0', `"index":${index}`)}`,
      ),
    ),
    right: ['ok', 'truncated', 'invalid'],
  })),
  {
    name: '130,000 choices',
    answer: close(streamed(event({ choices: many(130_000) }) + TAIL)),
    right: ['invalid'],
  },
  {
    name: '130,000 choices in a body',
    answer: close(body('200 OK', '', JSON.stringify({ choices: many(130_000) }))),
    right: ['invalid'],
    stream: false,
  },
  {
    name: 'a line without end',
    answer: (socket) => pour(socket, streamed('data: '), 'x'.repeat(1 << 20)),
    right: ['invalid'],
  },
  {
    name: 'a comment without end',
    answer: (socket) => pour(socket, streamed(': '), 'x'.repeat(1 << 20)),
    right: ['invalid'],
  },
  {
    name: 'an event without end',
    answer: (socket) => pour(socket, streamed(''), `data: ${'x'.repeat(1 << 20)}\n`),
    right: ['invalid'],
  },
  {
    name: 'a stream that is a body without end',
    answer: (socket) => pour(socket, streamed('{"a":"'), 'x'.repeat(1 << 20)),
    right: ['invalid'],
  },
  {
    name: 'a body without end',
    answer: (socket) => pour(socket, body('200 OK', '', '{"a":"'), 'x'.repeat(1 << 20)),
    right: ['invalid'],
    stream: false,
  },
  { name: 'nested a hundred thousand deep', answer: close(streamed(event('['.repeat(100_000)))) },
  {
    name: 'nested and closed',
    answer: close(body('200 OK', '', '['.repeat(100_000) + ']'.repeat(100_000))),
    stream: false,
  },
  {
    name: 'ten thousand empty events',
    answer: close(streamed('\n\n'.repeat(10_000) + delta('Hi') + TAIL)),
    right: ['ok'],
  },
  {
    name: 'ten thousand tool calls',
    answer: close(streamed(event({ choices: [{ index: 0, delta: { tool_calls: calls(10_000) } }] }) + TAIL)),
    right: ['invalid'],
  },
  { name: 'a gzip bomb', answer: zipped('gzip', gzipSync(Buffer.alloc(200 << 20))), stream: false },
  { name: 'a brotli bomb', answer: zipped('br', brotliCompressSync(Buffer.alloc(200 << 20))), stream: false },
  { name: 'gzip that is none', answer: zipped('gzip', Buffer.from('{"choices":[]}')), stream: false },
  {
    name: 'bytes that are no text',
    answer: close(
      Buffer.concat([
        Buffer.from(streamed('data: ')),
        Buffer.from([0xff, 0xfe, 0, 0xc3, 0x28]),
        Buffer.from('\n\n'),
      ]),
    ),
  },
  {
    name: 'a NUL in every place',
    answer: close(streamed(delta('Hi').split('').join('\0') + TAIL)),
    right: ['ok', 'empty', 'truncated', 'stream_error', 'invalid'],
  },
  ...['constructor', '__proto__', 'toString', 'hasOwnProperty', 'valueOf', ''].map((name) => ({
    name: `everything is called ${name}`,
    answer: close(
      streamed(
        event({
          model: name,
          type: name,
          object: name,
          choices: [{ index: 0, delta: { role: name, content: 'Hi' }, finish_reason: null }],
        }) + TAIL,
      ),
    ),
    right: ['ok'],
  })),
];

function many(count: number): object[] {
  return Array.from({ length: count }, (_, index) => ({
    index,
    delta: { content: 'x' },
    message: { content: 'x' },
  }));
}

function calls(count: number): object[] {
  return Array.from({ length: count }, (_, index) => ({
    index,
    id: `c${index}`,
    function: { name: 'f', arguments: '{}' },
  }));
}

function zipped(coding: string, bytes: Buffer): (socket: Socket) => void {
  return close(Buffer.concat([Buffer.from(`HTTP/1.1 200 OK\r\nContent-Encoding: ${coding}\r\n\r\n`), bytes]));
}

/** Writes as fast as it is read, until the other side has had enough. */
function pour(socket: Socket, start: string, piece: string): void {
  socket.write(start);
  const more = (): void => {
    while (!socket.destroyed && socket.write(piece));
  };
  socket.on('drain', more);
  more();
}

/** A server that is hostile to some, and must harm none of the others. */
async function atTheMeter(kind: string, misdeeds: readonly Misdeed[]): Promise<AttackKind> {
  const server = await openHostileServer((socket, attack) => {
    const answer = misdeeds[attack]?.answer ?? GOOD;
    if (typeof answer === 'function') answer(socket);
    else socket.write(answer);
  });
  const meter = await openMeter(server.url);
  const attacks = misdeeds.map(({ name, right, stream = true }, attack): Attack => ({
    name,
    run: async () => {
      const [bad, good] = await Promise.all([ask(meter, { body: { stream, attack } }), ask(meter)]);
      const { outcome } = bad.answer.attempt;
      const kind = outcome.kind === 'failed' ? outcome.error : outcome.kind;
      if (right === undefined ? kind === 'ok' : !right.includes(kind)) return held(false, [kind, outcome]);
      return held(good.answer.attempt.outcome.kind === 'ok', [
        'the stream beside it',
        good.answer.attempt.outcome,
      ]);
    },
  }));
  const after: Attack = {
    name: 'nothing is left in flight or held',
    run: async () => {
      const { inFlight, heldBytes } = figuresOf(meter);
      return held(inFlight === 0 && heldBytes === 0, { inFlight, heldBytes });
    },
  };
  return {
    kind,
    attacks: [...attacks, after],
    oneByOne: true,
    close: async () => {
      await meter.close();
      await server.close();
    },
  };
}

/** A whole answer, broken off at each place, by a reset and by an end. */
function breaks(): Misdeed[] {
  const whole = Buffer.from(GOOD);
  const places = Array.from({ length: 60 }, (_, at) => Math.floor((at * (whole.length - 1)) / 60));
  return places.flatMap((place) =>
    (['reset', 'end'] as const).map((how) => ({
      name: `${how} after ${place} of ${whole.length} bytes`,
      answer: (socket: Socket): void => {
        socket.write(whole.subarray(0, place), () =>
          how === 'end' ? socket.end() : socket.resetAndDestroy(),
        );
      },
      // Behind the finish reason the answer has said itself that it is whole.
      right:
        place > GOOD.indexOf('"stop"') ? ['ok', 'truncated', 'network'] : ['truncated', 'network', 'empty'],
    })),
  );
}

export const framingAttacks = (): Promise<AttackKind> =>
  atTheMeter('heads, chunks, lengths and statuses of answers', FRAMING);
export const breakAttacks = (): Promise<AttackKind> => atTheMeter('resets and ends at every stage', breaks());
export const absurdAttacks = (): Promise<AttackKind> =>
  atTheMeter('absurd counts, endless and bad answers', COUNTS);
