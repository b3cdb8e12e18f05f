import { createServer, type Server, type Socket } from 'node:net';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { Agent, request } from 'undici';
import { openMock } from '../../../test/support/mock.ts';
import { METER_HEADERS, type MeterAnswer } from '../../lib/meter-answer.ts';
import { createRandom, type Random } from '../../lib/random.ts';
import { readPriceFile } from '../../lib/price-file.ts';
import { createPricing } from '../../lib/pricing.ts';
import { type Meter, startMeter } from './meter.ts';
import { DEFAULT_TIMEOUT_MS, type MeterOptions } from './options.ts';
import { readTarget } from './upstream-target.ts';

async function openMeter(baseUrl: string, change: Partial<MeterOptions> = {}): Promise<Meter> {
  const meter = await startMeter({
    target: readTarget(baseUrl, { setting: '--target' }),
    headers: {},
    host: '127.0.0.1',
    port: 0,
    connections: 0,
    timeoutMs: DEFAULT_TIMEOUT_MS,
    budget: null,
    record: null,
    ...change,
  });
  onTestFinished(async () => void (await meter.close()));
  return meter;
}

/** A server that answers each request on a connection with the next script, and counts what it saw. */
async function openUpstream(
  script: (socket: Socket, count: number) => void,
): Promise<{ url: string; seen: string[]; server: Server; gone: () => number }> {
  const seen: string[] = [];
  let goneCount = 0;
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    let text = '';
    socket.on('error', () => {});
    socket.on('close', () => {
      goneCount += 1;
      sockets.delete(socket);
    });
    socket.on('data', (bytes) => {
      text += bytes.toString('latin1');
      const length = Number(/content-length: (\d+)/i.exec(text)?.[1] ?? 0);
      const end = text.indexOf('\r\n\r\n') + 4;
      if (end < 4 || text.length < end + length) return;
      seen.push(text);
      text = '';
      script(socket, seen.length);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return { url: `http://127.0.0.1:${port}/v1`, seen, server, gone: () => goneCount };
}

type Asked = { status: number; answer: MeterAnswer; headers: Record<string, string | string[] | undefined> };

async function ask(
  meter: Meter,
  options: { body?: object; headers?: Record<string, string>; path?: string; signal?: AbortSignal } = {},
): Promise<Asked> {
  const { body = { model: 'm', stream: true, messages: [{ role: 'user', content: 'Hi' }], max_tokens: 8 } } =
    options;
  const {
    statusCode,
    headers,
    body: answer,
  } = await request(`${meter.url}${options.path ?? '/v1/chat/completions'}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...options.headers },
    body: JSON.stringify(body),
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  });
  return { status: statusCode, answer: (await answer.json()) as MeterAnswer, headers };
}

const event = (data: unknown): string =>
  `data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`;
const delta = (content: string): string =>
  event({ model: 'm', choices: [{ index: 0, delta: { content }, finish_reason: null }] });
const TAIL =
  event({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] }) +
  event({ choices: [], usage: { prompt_tokens: 5, completion_tokens: 3 } }) +
  event('[DONE]');

/** A chunked answer, its chunks cut anywhere. */
function chunked(body: string, random: Random): Buffer {
  const bytes = Buffer.from(body, 'utf8');
  const parts = [
    Buffer.from('HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n'),
  ];
  for (let at = 0; at < bytes.length;) {
    const size = 1 + Math.floor(random.next() * 80);
    const part = bytes.subarray(at, at + size);
    parts.push(Buffer.from(`${part.length.toString(16)}\r\n`), part, Buffer.from('\r\n'));
    at += size;
  }
  parts.push(Buffer.from('0\r\n\r\n'));
  return Buffer.concat(parts);
}

/** Writes bytes in pieces of any size, each a write of its own. */
async function dribble(socket: Socket, bytes: Buffer, random: Random): Promise<void> {
  socket.setNoDelay(true);
  for (let at = 0; at < bytes.length && !socket.destroyed;) {
    const size = 1 + Math.floor(random.next() ** 3 * 400);
    socket.write(bytes.subarray(at, at + size));
    at += size;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

describe('a stream through the meter', () => {
  test('is read right, wherever the network cuts it', async () => {
    const random = createRandom('cuts');
    const words = ['Hi', ' you', ' é🙂'];
    const upstream = await openUpstream(
      (socket) => void dribble(socket, chunked(words.map(delta).join('') + TAIL, random), random),
    );
    const meter = await openMeter(upstream.url);
    for (let round = 0; round < 150; round++) {
      const { status, answer } = await ask(meter, {
        headers: { [METER_HEADERS.text]: '1', [METER_HEADERS.gaps]: '1' },
      });
      expect(status).toBe(200);
      expect(answer).toMatchObject({ v: 1, text: 'Hi you é🙂', retriedConnection: false, overBudget: false });
      expect(answer.attempt).toMatchObject({
        outcome: { kind: 'ok' },
        chunks: 3,
        usage: { inputTokens: 5, outputTokens: 3 },
        finishReason: 'stop',
      });
      expect(answer.attempt.gapsMs).toHaveLength(2);
    }
    expect(upstream.seen).toHaveLength(150);
  });

  test('hands on what it asked for, and what it did not ask for stays behind', async () => {
    const random = createRandom('headers');
    const upstream = await openUpstream((socket) => void socket.write(chunked(delta('Hi') + TAIL, random)));
    const meter = await openMeter(upstream.url, { headers: { authorization: 'Bearer sk-s3cret' } });
    const body = { model: 'm', stream: true, messages: [], odd: ' é ' };
    await ask(meter, {
      body,
      headers: { 'x-team': 'search', authorization: 'Bearer other', [METER_HEADERS.text]: '1' },
    });
    const [sent = ''] = upstream.seen;
    expect(sent).toMatch(/^POST \/v1\/chat\/completions HTTP\/1\.1\r\n/);
    expect(sent).toContain('authorization: Bearer sk-s3cret\r\n');
    expect(sent).toContain('x-team: search');
    expect(sent).not.toMatch(/x-meter|Bearer other/);
    expect(Buffer.from(sent.slice(sent.indexOf('\r\n\r\n') + 4), 'latin1').toString('utf8')).toBe(
      JSON.stringify(body),
    );
    expect(JSON.stringify(meter.figures())).not.toContain('s3cret');
  });

  test.each<[string, (socket: Socket) => void, string]>([
    [
      'reset in the middle',
      (socket) =>
        socket.write(head() + chunk(delta('Hi')), () => setTimeout(() => socket.resetAndDestroy(), 5)),
      'truncated',
    ],
    ['closed in the middle', (socket) => socket.end(head() + chunk(delta('Hi'))), 'truncated'],
    [
      'ended cleanly without an end mark',
      (socket) => socket.end(`${head()}${chunk(delta('Hi'))}0\r\n\r\n`),
      'truncated',
    ],
    [
      'an error event',
      (socket) => socket.end(`${head()}${chunk(event({ error: { message: 'gone' } }))}0\r\n\r\n`),
      'stream_error',
    ],
    ['an empty stream', (socket) => socket.end(`${head()}0\r\n\r\n`), 'empty'],
    [
      'a page',
      (socket) =>
        socket.end(
          'HTTP/1.1 502 Bad Gateway\r\nContent-Type: text/html\r\nContent-Length: 13\r\n\r\n<h1>No</h1>\r\n',
        ),
      'server',
    ],
    ['no HTTP at all', (socket) => socket.end('SSH-2.0-x\r\n\r\n'), 'network'],
    [
      'a refusal of the rate',
      (socket) => socket.end('HTTP/1.1 429 Slow\r\nRetry-After: 7\r\nContent-Length: 2\r\n\r\n{}'),
      'rate_limited',
    ],
  ])('%s is its own kind of failure', async (_name, script, kind) => {
    const upstream = await openUpstream(script);
    const meter = await openMeter(upstream.url);
    const { status, answer } = await ask(meter);
    expect(answer.attempt.outcome).toMatchObject({ kind: 'failed', error: kind });
    expect(answer.attempt.retryAfterMs).toBe(kind === 'rate_limited' ? 7000 : null);
    expect(status).toBe(answer.attempt.status === 0 ? 502 : answer.attempt.status);
    expect(meter.figures()).toMatchObject({ inFlight: 0, errors: { [kind]: 1 } });
  });

  test('that never comes is a time-out', async () => {
    const upstream = await openUpstream(() => {});
    const meter = await openMeter(upstream.url);
    const { status, answer } = await ask(meter, { headers: { [METER_HEADERS.timeoutMs]: '30' } });
    expect(status).toBe(504);
    expect(answer.attempt.outcome).toMatchObject({ error: 'timeout' });
  });

  test('from a server that is not there is a network failure', async () => {
    const upstream = await openUpstream(() => {});
    await new Promise((resolve) => upstream.server.close(resolve));
    const { status, answer } = await ask(await openMeter(upstream.url));
    expect([status, answer.attempt.status]).toEqual([502, 0]);
    expect(answer.attempt.outcome).toMatchObject({ error: 'network' });
  });

  test('goes out again, once, when a kept-alive connection had died', async () => {
    const random = createRandom('stale');
    const upstream = await openUpstream((socket, count) => {
      // The second request finds its connection closed without a word.
      if (count === 2) socket.resetAndDestroy();
      else socket.write(chunked(delta('Hi') + TAIL, random));
    });
    const meter = await openMeter(upstream.url);
    expect((await ask(meter)).answer).toMatchObject({
      retriedConnection: false,
      attempt: { outcome: { kind: 'ok' } },
    });
    expect((await ask(meter)).answer).toMatchObject({
      retriedConnection: true,
      attempt: { outcome: { kind: 'ok' } },
    });
    expect(upstream.seen).toHaveLength(3);
    expect(meter.figures()).toMatchObject({ retriedConnections: 1, succeeded: 2 });
  });

  test('is ended at the server when k6 gives up', async () => {
    const upstream = await openUpstream((socket) => void socket.write(head() + chunk(delta('Hi'))));
    const meter = await openMeter(upstream.url);
    const aborter = new AbortController();
    const asked = ask(meter, { signal: aborter.signal });
    await expect.poll(() => upstream.seen.length).toBe(1);
    aborter.abort();
    await expect(asked).rejects.toThrow();
    await expect.poll(upstream.gone).toBe(1);
    await expect.poll(() => meter.figures()).toMatchObject({ inFlight: 0, abandoned: 1 });
  });
});

function head(): string {
  return 'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n';
}

function chunk(text: string): string {
  return `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`;
}

describe('many streams at once', () => {
  test('a thousand, three times: none lost, none mixed up, memory flat', async () => {
    const mock = await openMock({
      slots: Number.POSITIVE_INFINITY,
      timing: { ttft: '20', tpot: '1', tokens: '8' },
    });
    const meter = await openMeter(mock.url, { connections: 1000 });
    const agent = new Agent({ connections: 1000, pipelining: 1 });
    onTestFinished(() => agent.close());
    const memory: number[] = [];
    for (let round = 0; round < 3; round++) {
      const answers = await Promise.all(
        Array.from({ length: 1000 }, async (_, index) => {
          const mark = `r${round}n${index}`;
          const { body } = await request(`${meter.url}/v1/chat/completions`, {
            dispatcher: agent,
            method: 'POST',
            headers: { [METER_HEADERS.text]: '1' },
            body: JSON.stringify({
              model: 'm',
              stream: true,
              stream_options: { include_usage: true },
              messages: [{ role: 'user', content: `[mark:${mark}] Hi` }],
            }),
          });
          const { text, attempt } = (await body.json()) as MeterAnswer;
          return {
            isMine: text?.includes(mark) === true,
            ok: attempt.outcome.kind === 'ok',
            tokens: attempt.usage.outputTokens,
          };
        }),
      );
      expect(answers.filter(({ isMine, ok, tokens }) => isMine && ok && tokens === 8)).toHaveLength(1000);
      memory.push(process.memoryUsage().heapUsed);
    }
    expect(meter.figures()).toMatchObject({ succeeded: 3000, inFlight: 0, outputTokens: 24_000 });
    // Both ends and the mock live in this process: what one round holds must not add up.
    expect((memory[2] ?? 0) - (memory[0] ?? 0)).toBeLessThan(100e6);
  });
});

describe('the meter', () => {
  test('carries blocking requests and the list of models', async () => {
    const mock = await openMock();
    const meter = await openMeter(mock.url);
    const { status, answer } = await ask(meter, {
      body: { model: 'm', messages: [{ role: 'user', content: 'Hi' }] },
    });
    expect(status).toBe(200);
    expect(answer.attempt).toMatchObject({
      outcome: { kind: 'ok' },
      ttftMs: null,
      usage: { outputTokens: 8 },
    });
    const models = await request(`${meter.url}/v1/models`);
    expect([
      models.statusCode,
      Array.isArray(((await models.body.json()) as { data: unknown }).data),
    ]).toEqual([200, true]);
  });

  test.each(['/v1/embeddings', '/', '/v1/chat/completions/x', '/admin'])(
    'does not carry %s',
    async (where) => {
      const upstream = await openUpstream(() => {});
      const { status } = await ask(await openMeter(upstream.url), { path: where });
      expect(status).toBe(404);
      expect(upstream.seen).toHaveLength(0);
    },
  );

  test('never passes its budget, with a hundred requests in flight', async () => {
    const mock = await openMock({ timing: { ttft: '10', tpot: '0', tokens: '8' } });
    const prices = readPriceFile({ models: { m: { input: 1, output: 10 } } }, 'prices');
    const pricing = createPricing({ builtIn: prices, provider: 'mock' });
    const limitUsd = 0.01;
    const meter = await openMeter(mock.url, { budget: { limitUsd, pricing } });
    const body = { model: 'm', max_tokens: 100, messages: [{ role: 'user', content: 'Hi' }] };
    const answers = (
      await Promise.all(
        Array.from({ length: 3 }, () => Promise.all(Array.from({ length: 100 }, () => ask(meter, { body })))),
      )
    ).flat();
    const refused = answers.filter(({ answer }) => answer.overBudget);
    expect(refused.length).toBeGreaterThan(0);
    for (const { status, answer } of refused) {
      expect([status, answer.attempt.outcome]).toMatchObject([402, { kind: 'failed', error: 'quota' }]);
    }
    const { inputTokens, outputTokens } = mock.truth().totals;
    expect((inputTokens * 1 + outputTokens * 10) / 1e6).toBeLessThanOrEqual(limitUsd);
    expect(mock.truth().totals.requests).toBe(300 - refused.length);
  });

  test('records a line a request, with every read, and never a text', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'meter-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const file = path.join(folder, 'record.jsonl');
    const mock = await openMock();
    const meter = await openMeter(mock.url, { record: { file, events: true } });
    const body = {
      model: 'm',
      stream: true,
      stream_options: { include_usage: true },
      messages: [{ role: 'user', content: 'A s3cret prompt [mark:s3cret]' }],
    };
    await ask(meter, { body });
    await ask(meter, { body, headers: { 'x-mock-fault': 'server_500' } });
    await meter.close();
    const text = readFileSync(file, 'utf8');
    const lines = text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines).toMatchObject([
      { model: 'm', outcome: 'ok', outputTokens: 8, chunks: 8 },
      { status: 500, outcome: 'server' },
    ]);
    expect(text).not.toContain('s3cret');
    const events = lines[0]?.['events'] as { kind: string; events?: number }[];
    expect(events.reduce((sum, { events: count = 0 }) => sum + count, 0)).toBe(8);
  });

  test('ends with answers in progress drained', async () => {
    const mock = await openMock({ timing: { ttft: '50', tpot: '1', tokens: '8' } });
    const meter = await openMeter(mock.url);
    const asked = ask(meter);
    await expect.poll(() => mock.truth().requests.started).toBe(1);
    expect(await meter.close()).toBe(0);
    expect((await asked).answer.attempt.outcome).toEqual({ kind: 'ok' });
    await expect(ask(meter)).rejects.toThrow();
  });
});
