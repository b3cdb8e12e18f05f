import type { Socket } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Asked } from '../../../test/support/bare-meter.ts';
import { ask, openMeter, openUpstream } from '../../../test/support/meter.ts';
import { chunk, delta, event, STREAM_HEAD, TAIL } from '../../../test/support/stream-text.ts';
import { exchangeRaw } from '../../../test/support/raw-http.ts';
import { jsonAnswer } from './front/front-answer.ts';
import { listenFront } from './front/front-server.ts';
import type { Meter } from './start-meter.ts';
import { Exchange, type ExchangeEnd } from './upstream/exchange.ts';
import { UpstreamPool } from './upstream/upstream-pool.ts';
import { readTarget } from './upstream/upstream-target.ts';

const MEGABYTE = 'x'.repeat(1024 * 1024);

/** Writes as fast as it is read, until the other side has had enough. */
function pour(socket: Socket, start: string, piece: string): void {
  socket.write(start);
  const more = (): void => {
    while (!socket.destroyed && socket.write(piece));
  };
  socket.on('drain', more);
  more();
}

const blocking = 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n';
const streamed = 'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n';
const choices = Array.from({ length: 130_000 }, (_, index) => ({ index, delta: { content: 'x' } }));

function heldBytes(meter: Meter): number {
  return (meter.figures() as { heldBytes: number }).heldBytes;
}

const failureOf = ({ answer }: Asked): object => answer.attempt.outcome;

describe('one bad answer is one failed request, and the streams beside it go on', () => {
  test.each<[string, boolean, (socket: Socket) => void, object]>([
    [
      'a line without end',
      true,
      (socket) => pour(socket, `${streamed}data: `, MEGABYTE),
      { error: 'invalid', message: 'the answer has a line of more than 16 MB' },
    ],
    [
      'a comment without end',
      true,
      (socket) => pour(socket, `${streamed}: `, MEGABYTE),
      { error: 'invalid', message: 'the answer has a line of more than 16 MB' },
    ],
    [
      'a body without end that begins with a brace',
      true,
      (socket) => pour(socket, `${streamed}{"a":"`, MEGABYTE),
      { error: 'invalid', message: 'the answer has more than 16 MB' },
    ],
    [
      'a blocking body without end',
      false,
      (socket) => pour(socket, `${blocking}{"a":"`, MEGABYTE),
      { error: 'invalid', message: 'the answer has more than 64 MB' },
    ],
    [
      '130,000 choices',
      true,
      (socket) => socket.write(`${streamed}${event({ choices })}${TAIL}`),
      { error: 'invalid', message: 'the answer has more than 1000 choices' },
    ],
  ])('%s', async (_, stream, misbehave, failure) => {
    const upstream = await openUpstream((socket, _count, request) => {
      if (request.includes('"bad"')) misbehave(socket);
      else {
        socket.write(STREAM_HEAD + chunk(delta('Hi')));
        setTimeout(() => socket.write(`${chunk(TAIL)}0\r\n\r\n`), 500);
      }
    });
    const meter = await openMeter(upstream.url);
    const body = { model: 'm', stream: true, max_tokens: 8, messages: [] };
    const [good, bad] = await Promise.all([
      ask(meter, { body }),
      ask(meter, { body: { ...body, stream, bad: 'bad' } }),
    ]);
    expect(good.answer.attempt.outcome).toEqual({ kind: 'ok' });
    expect(failureOf(bad)).toMatchObject(failure);
    expect([meter.figures(), heldBytes(meter)]).toMatchObject([{ inFlight: 0 }, 0]);
  });

  test('what all answers have in waiting has a bound too', async () => {
    const upstream = await openUpstream((socket) => {
      // Two megabytes of a line, and its end only when the others have theirs.
      socket.write(`${streamed}data: ${MEGABYTE}${MEGABYTE}`);
      setTimeout(() => socket.end(`\n\n${delta('Hi')}${TAIL}`), 1000);
    });
    const meter = await openMeter(upstream.url, { maxHeldBytes: 5 * MEGABYTE.length });
    const answers = await Promise.all([1, 2, 3, 4].map(() => ask(meter)));
    const kinds = answers.map(({ answer }) => answer.attempt.outcome.kind).toSorted();
    expect(kinds).toEqual(['failed', 'failed', 'ok', 'ok']);
    const failed = answers.map(failureOf).filter((outcome) => 'message' in outcome);
    expect(failed[0]).toMatchObject({
      error: 'invalid',
      message: 'the meter holds too much of other answers',
    });
    expect(heldBytes(meter)).toBe(0);
  });
});

describe('an exception of ours costs one request', () => {
  test('in what answers it', async () => {
    const front = await listenFront({ host: '127.0.0.1', port: 0 }, ({ request, answer }) => {
      if (request.path === '/bad') throw new Error('boom');
      answer(jsonAnswer('fine'));
    });
    onTestFinished(async () => void (await front.close(0)));
    const statuses = ['/bad', '/good', '/bad'].map(async (path) => {
      const { text } = await exchangeRaw(front.port, `GET ${path} HTTP/1.1\r\nConnection: close\r\n\r\n`);
      return text.split(' ')[1];
    });
    expect(await Promise.all(statuses)).toEqual(['500', '200', '500']);
  });

  test('in what reads its answer', async () => {
    const upstream = await openUpstream((socket) => void socket.write(`${blocking}{}`));
    const pool = new UpstreamPool(readTarget(upstream.url, { setting: 'test' }));
    onTestFinished(() => pool.close());
    const end = await new Promise<ExchangeEnd>((onEnd) => {
      const onBody = (): void => {
        throw new Error('boom');
      };
      const request = Buffer.from('GET / HTTP/1.1\r\n\r\n');
      void new Exchange(pool, { request, timeoutMs: 5000 }, { onHead: () => {}, onBody, onEnd });
    });
    expect(end).toEqual({ kind: 'cut', reason: 'it could not be read: Error: boom' });
    expect(pool.figures.open).toBe(0);
  });
});
