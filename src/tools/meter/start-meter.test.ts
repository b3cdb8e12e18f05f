import { existsSync, readFileSync } from 'node:fs';
import { folderOfTest } from '../../../test/support/temporary-folder.ts';
import { answerRules } from '../explain/rules/answer-rules.ts';
import type { Socket } from 'node:net';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { request } from 'undici';
import { ask, openMeter, openUpstream } from '../../../test/support/meter.ts';
import { chunk, chunked, delta, event, STREAM_HEAD, TAIL } from '../../../test/support/stream-text.ts';
import { openMock } from '../../../test/support/mock.ts';
import { METER_HEADERS } from '../../lib/answer/meter-answer.ts';
import { createRandom } from '../../lib/numbers/random.ts';
import { readPriceFile } from '../../lib/money/price-file.ts';
import { createPricing } from '../../lib/money/pricing.ts';

describe('a stream through the meter', () => {
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
        socket.write(STREAM_HEAD + chunk(delta('Hi')), () => setTimeout(() => socket.resetAndDestroy(), 5)),
      'truncated',
    ],
    ['closed in the middle', (socket) => socket.end(STREAM_HEAD + chunk(delta('Hi'))), 'truncated'],
    [
      'ended cleanly without an end mark',
      (socket) => socket.end(`${STREAM_HEAD}${chunk(delta('Hi'))}0\r\n\r\n`),
      'truncated',
    ],
    [
      'an error event',
      (socket) => socket.end(`${STREAM_HEAD}${chunk(event({ error: { message: 'gone' } }))}0\r\n\r\n`),
      'stream_error',
    ],
    ['an empty stream', (socket) => socket.end(`${STREAM_HEAD}0\r\n\r\n`), 'empty'],
    [
      'a page',
      (socket) =>
        socket.end(
          'HTTP/1.1 502 Bad Gateway\r\nContent-Type: text/html\r\nContent-Length: 13\r\n\r\n<h1>No</h1>\r\n',
        ),
      'server',
    ],
    [
      'a page under 200',
      (socket) =>
        socket.end('HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 13\r\n\r\n<h1>No</h1>\r\n'),
      'invalid',
    ],
    [
      'an error under 200',
      (socket) =>
        socket.end(
          'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 36\r\n\r\n{"error":{"message":"x","code":500}}',
        ),
      'server',
    ],
    ['closed before the first byte', (socket) => socket.end(), 'network'],
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

  test.each([
    ['[DONE]', delta('Hi') + TAIL],
    [
      'message_stop',
      event({ type: 'content_block_delta', delta: { text: 'Hi' } }) + event({ type: 'message_stop' }),
    ],
    ['[DONE] alone', delta('Hi') + event('[DONE]')],
  ])('that ends with %s is not waited for when the server leaves the connection open', async (_, body) => {
    const upstream = await openUpstream((socket) => void socket.write(STREAM_HEAD + chunk(body)));
    // The time-out is longer than a test may take.
    const meter = await openMeter(upstream.url, { timeoutMs: 600_000 });
    const { status, answer } = await ask(meter);
    expect(status).toBe(200);
    expect(answer.attempt).toMatchObject({ status: 200, outcome: { kind: 'ok' }, chunks: 1 });
    expect(answer.attempt.warnings.map(({ kind }) => kind)).toContain('left_open');
  });

  test('that never comes is a time-out', async () => {
    const upstream = await openUpstream(() => {});
    const meter = await openMeter(upstream.url);
    const { status, answer } = await ask(meter, { headers: { [METER_HEADERS.timeoutMs]: '30' } });
    expect(status).toBe(504);
    expect(answer.attempt.outcome).toMatchObject({ error: 'timeout' });
  });

  test('that stops in the middle is a time-out too, with what had come', async () => {
    const upstream = await openUpstream((socket) => void socket.write(STREAM_HEAD + chunk(delta('Hi'))));
    const meter = await openMeter(upstream.url);
    const { status, answer } = await ask(meter, { headers: { [METER_HEADERS.timeoutMs]: '500' } });
    expect(status).toBe(504);
    expect(answer.attempt).toMatchObject({
      status: 200,
      outcome: { error: 'timeout', partialOutput: true },
      chunks: 1,
    });
    await expect.poll(upstream.gone).toBe(1);
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
    const upstream = await openUpstream((socket) => void socket.write(STREAM_HEAD + chunk(delta('Hi'))));
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

  test.each(['/v1/chat/completions', '/chat/completions', '/v1/messages', '/messages'])(
    'carries streams at %s',
    async (where) => {
      const mock = await openMock();
      const meter = await openMeter(mock.url);
      const body = {
        model: 'm',
        stream: true,
        stream_options: { include_usage: true },
        max_tokens: 8,
        messages: [{ role: 'user', content: 'Hi' }],
      };
      const { status, answer } = await ask(meter, { body, path: where });
      expect(status).toBe(200);
      expect(answer.attempt).toMatchObject({
        outcome: { kind: 'ok' },
        chunks: 8,
        usage: { outputTokens: 8 },
      });
      const [record] = mock.truth().requestRecords ?? [];
      expect(record?.kind).toBe(where.endsWith('messages') ? 'messages' : 'chat');
    },
  );

  test.each(['/v1/audio/speech', '/', '/v1/chat/completions/x', '/admin'])(
    'does not carry %s',
    async (where) => {
      const upstream = await openUpstream(() => {});
      const { status } = await ask(await openMeter(upstream.url), { path: where });
      expect(status).toBe(404);
      expect(upstream.seen).toHaveLength(0);
    },
  );

  test('hands the headers on that tell cost and limits, and no others', async () => {
    const told =
      'x-litellm-response-cost: 0.25\r\nx-ratelimit-remaining-requests: 7\r\nRetry-After: 3\r\nset-cookie: a=b\r\n';
    const upstream = await openUpstream(
      (socket) => void socket.write(`HTTP/1.1 200 OK\r\n${told}Content-Length: 2\r\n\r\n{}`),
    );
    const { headers } = await ask(await openMeter(upstream.url));
    expect(headers).toMatchObject({
      'x-litellm-response-cost': '0.25',
      'x-ratelimit-remaining-requests': '7',
      'retry-after': '3',
    });
    expect(headers).not.toHaveProperty('set-cookie');
  });

  test('serves no web page', async () => {
    const upstream = await openUpstream(() => {});
    const { status } = await ask(await openMeter(upstream.url), {
      headers: { origin: 'http://evil.example' },
    });
    expect([status, upstream.seen.length]).toEqual([403, 0]);
  });

  test('does not hand on a key that a server echoes', async () => {
    const body = '{"error":{"message":"Incorrect API key provided: sk-s3cret-0123456789."}}';
    const upstream = await openUpstream(
      (socket) => void socket.write(`HTTP/1.1 401 No\r\nContent-Length: ${body.length}\r\n\r\n${body}`),
    );
    const { status, answer } = await ask(await openMeter(upstream.url));
    expect([status, answer.attempt.outcome]).toMatchObject([401, { error: 'auth' }]);
    expect(answer.bodyText).toContain('Incorrect API key');
    expect(JSON.stringify(answer)).not.toContain('s3cret');
  });

  test.skipIf(!existsSync('/dev/full'))(
    'goes on when its record cannot be written, and says so',
    async () => {
      const mock = await openMock();
      const meter = await openMeter(mock.url, { record: { file: '/dev/full', events: false } });
      expect((await ask(meter)).status).toBe(200);
      await expect.poll(meter.recordProblem).toMatch(/ENOSPC/);
      expect((await ask(meter)).status).toBe(200);
      expect(await meter.close()).toBe(0);
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
    const folder = folderOfTest('meter');
    const file = path.join(folder, 'record.jsonl');
    // So slow that its events come in several reads on a busy machine, too.
    const mock = await openMock({ timing: { ttft: '5', tpot: '30', tokens: '8' } });
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
    const events = lines[0]?.['events'] as { kind: string; events?: number; choices: number }[];
    expect(events.reduce((sum, { events: count = 0 }) => sum + count, 0)).toBe(8);
    // Other tools' rules can be told from it; the second request failed.
    const { rules } = answerRules(Buffer.from(text), { file, slo: null });
    expect(rules.map(({ run }) => run?.known.ttftMs)).toEqual([1, 1, 1, 1, 1, 1]);
    expect(rules[0]?.run).toMatchObject({ requests: 2, succeeded: 1 });
    // The role, eight tokens and the finish reason; usage and [DONE] have no choices.
    expect(events.reduce((sum, { choices }) => sum + choices, 0)).toBe(10);
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
