import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { ask, openMeter, openUpstream } from '../../../test/support/meter.ts';
import { chunked, delta, event, TAIL } from '../../../test/support/stream-text.ts';
import { exchangeRaw } from '../../../test/support/raw-http.ts';
import { folderOfTest } from '../../../test/support/temporary-folder.ts';
import { readPriceFile } from '../../lib/money/price-file.ts';
import { createPricing } from '../../lib/money/pricing.ts';
import { createRandom } from '../../lib/numbers/random.ts';
import type { Meter } from './start-meter.ts';

const random = createRandom('guards');
const KEY = 'sk-s3cret-"0123456789';

const BODY = JSON.stringify({ model: 'm', max_tokens: 100, messages: [] });
/** A token a byte, $1 and $10 a million. */
const WORST_USD = (BODY.length + 1000) / 1e6;

async function openBudgetMeter(url: string, limitUsd = 1): Promise<Meter> {
  const prices = readPriceFile({ models: { m: { input: 1, output: 10 } } }, 'prices');
  return openMeter(url, { budget: { limitUsd, pricing: createPricing({ builtIn: prices, provider: 'x' }) } });
}

function spentUsd(meter: Meter): number {
  return (meter.figures() as { budget: { spentUsd: number } }).budget.spentUsd;
}

describe('a budget is charged for what may be billed', () => {
  const reply = (status: number) => (socket: Socket) =>
    void socket.write(`HTTP/1.1 ${status} X\r\ncontent-length: 2\r\n\r\n{}`);
  test.each<[string, (socket: Socket) => void, number]>([
    ['a reset after the request was written', (socket) => socket.resetAndDestroy(), WORST_USD],
    ['an end without an answer', (socket) => socket.end(), WORST_USD],
    ['504', reply(504), WORST_USD],
    ['500', reply(500), WORST_USD],
    ['a refusal', reply(429), 0],
  ])('%s', async (_, script, costUsd) => {
    const meter = await openBudgetMeter((await openUpstream(script)).url);
    for (let count = 1; count <= 3; count += 1) {
      await ask(meter, { body: JSON.parse(BODY) as object });
      expect(spentUsd(meter)).toBeCloseTo(count * costUsd, 12);
    }
  });

  test('a server that cannot be reached costs nothing', async () => {
    const { url, server } = await openUpstream(() => {});
    await new Promise((resolve) => server.close(resolve));
    const meter = await openBudgetMeter(url);
    expect((await ask(meter)).status).toBe(502);
    expect(spentUsd(meter)).toBe(0);
  });

  // Answers once, then takes a request on the same connection and breaks it: who knows whether it was worked on.
  const breaksTheSecond = (socket: Socket, count: number): void => {
    if (count === 2) socket.resetAndDestroy();
    else socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}');
  };

  test('a request that is written twice is charged twice', async () => {
    const upstream = await openUpstream(breaksTheSecond);
    const meter = await openBudgetMeter(upstream.url);
    for (let count = 0; count < 2; count += 1) await ask(meter, { body: JSON.parse(BODY) as object });
    expect(upstream.seen).toHaveLength(3);
    expect(spentUsd(meter)).toBeCloseTo(3 * WORST_USD, 12);
  });

  test('and is not written twice where that might pass the budget', async () => {
    const upstream = await openUpstream(breaksTheSecond);
    const meter = await openBudgetMeter(upstream.url, 2.5 * WORST_USD);
    for (let count = 0; count < 2; count += 1) await ask(meter, { body: JSON.parse(BODY) as object });
    expect(upstream.seen).toHaveLength(2);
    expect(spentUsd(meter)).toBeCloseTo(2 * WORST_USD, 12);
  });
});

test('a record hides the key wherever a server repeats it', async () => {
  const folder = folderOfTest('meter');
  const file = path.join(folder, 'record.jsonl');
  const told = event({
    model: KEY,
    choices: [{ index: 0, delta: { content: 'Hi' }, finish_reason: `stop ${KEY}` }],
  });
  const upstream = await openUpstream((socket) => void socket.write(chunked(told + TAIL, random)));
  const meter = await openMeter(upstream.url, {
    headers: { authorization: `Bearer ${KEY}` },
    record: { file, events: true },
  });
  await ask(meter, { body: { model: `m ${KEY}`, stream: true, messages: [] } });
  await meter.close();
  const text = readFileSync(file, 'utf8');
  expect(JSON.parse(text)).toMatchObject({ answeredModel: '***', model: 'm ***' });
  expect(text).not.toContain('s3cret');
});

describe('what does not come from this machine’s own programs is refused on every route', () => {
  const routes = ['GET /health', 'GET /__meter', 'GET /v1/models', 'POST /v1/chat/completions', 'GET /x'];
  const refused = [
    'Host: evil.example',
    'Host: 127.0.0.1.evil.example',
    'Host: evil.example:8788',
    'Host: 127.0.0.1\r\nOrigin: http://evil.example',
    'Host: localhost\r\nOrigin: null',
    'Host: localhost\r\nSec-Fetch-Site: cross-site',
    'Host: localhost\r\nSec-Fetch-Site: same-site',
  ];
  const served = [
    'Host: 127.0.0.1:9',
    'Host: LOCALHOST',
    'Host: [::1]:9',
    'Host: localhost\r\nSec-Fetch-Site: none',
  ];

  async function statusOf(meter: Meter, route: string, headers: string): Promise<number> {
    const bytes = `${route} HTTP/1.1\r\n${headers}\r\nConnection: close\r\n\r\n`;
    return Number((await exchangeRaw(meter.port, bytes)).text.split(' ')[1]);
  }

  test.each(routes)('%s', async (route) => {
    const upstream = await openUpstream(
      (socket) => void socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}'),
    );
    const meter = await openMeter(upstream.url);
    for (const headers of refused)
      expect([headers, await statusOf(meter, route, headers)]).toEqual([headers, 403]);
    expect(upstream.seen).toEqual([]);
    for (const headers of served) expect(await statusOf(meter, route, headers)).not.toBe(403);
  });

  test('the meter is no proxy', async () => {
    const meter = await openMeter('http://127.0.0.1:1/v1');
    expect(await statusOf(meter, 'GET http://evil.example/v1/models', 'Host: 127.0.0.1')).toBe(403);
  });
});

describe('a connection that is forgotten ends after a while', () => {
  const CHAT = `POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${BODY.length}\r\n\r\n${BODY}`;
  const HELD = { idleMs: 60_000, requestMs: 60_000 };

  async function send(meter: Meter, bytes: string): Promise<{ ended: () => boolean; text: () => string }> {
    let isEnded = false;
    let text = '';
    const socket = connect({ port: meter.port, host: '127.0.0.1' });
    onTestFinished(() => void socket.destroy());
    socket.on('error', () => {});
    socket.on('data', (data) => (text += data.toString()));
    socket.on('close', () => (isEnded = true));
    if (bytes !== '') socket.write(bytes);
    return { ended: () => isEnded, text: () => text };
  }

  test.each([
    ['nothing sent', ''],
    ['half a head', 'POST /v1/chat/completions HTTP/1.1\r\nHost: loc'],
    ['half a body', CHAT.slice(0, -5)],
    ['half a second request', `GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n${CHAT.slice(0, -5)}`],
  ])('%s', async (_, bytes) => {
    const meter = await openMeter('http://127.0.0.1:1/v1', { patienceMs: { ...HELD, requestMs: 60 } });
    const { ended } = await send(meter, bytes);
    await expect.poll(ended).toBe(true);
  });

  test('idle after an answer', async () => {
    const meter = await openMeter('http://127.0.0.1:1/v1', { patienceMs: { ...HELD, idleMs: 60 } });
    const { ended, text } = await send(meter, 'GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await expect.poll(ended).toBe(true);
    expect(text()).toMatch(/^HTTP\/1.1 200/);
  });

  test('but never while its answer is being waited for', async () => {
    const upstream = await openUpstream(
      (socket) => void setTimeout(() => socket.write(chunked(delta('Hi') + TAIL, random)), 2400),
    );
    // The request itself comes within that, be the machine ever so busy.
    const meter = await openMeter(upstream.url, { patienceMs: { idleMs: 20, requestMs: 2000 } });
    const { text } = await send(meter, CHAT);
    await expect.poll(text).toMatch(/^HTTP\/1.1 200/);
  });
});
