import { connect, createServer, type Socket } from 'node:net';
import { request } from 'undici';
import type { MeterAnswer } from '../../src/lib/answer/meter-answer.ts';
import { readPriceFile } from '../../src/lib/money/price-file.ts';
import { createPricing } from '../../src/lib/money/pricing.ts';
import type { MeterOptions } from '../../src/tools/meter/meter-options.ts';
import { type Meter, startMeter } from '../../src/tools/meter/start-meter.ts';
import { readTarget } from '../../src/tools/meter/upstream/upstream-target.ts';

/** A server that does to each request what its body asks for, by the number in `"attack":N`. */
export type HostileServer = {
  url: string;
  connections: () => number;
  requests: () => number;
  close: () => Promise<void>;
};

export async function openHostileServer(
  misbehave: (socket: Socket, attack: number, request: string) => void,
): Promise<HostileServer> {
  const sockets = new Set<Socket>();
  let requests = 0;
  const server = createServer((socket) => {
    sockets.add(socket);
    let text = '';
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
    socket.on('data', (bytes) => {
      text += bytes.toString('latin1');
      const length = Number(/content-length: (\d+)/i.exec(text)?.[1] ?? 0);
      const start = text.indexOf('\r\n\r\n') + 4;
      if (start < 4 || text.length < start + length) return;
      const whole = text;
      text = '';
      requests += 1;
      misbehave(socket, Number(/"attack":(\d+)/.exec(whole)?.[1] ?? -1), whole);
    });
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}/v1`,
    connections: () => sockets.size,
    requests: () => requests,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export function openMeter(url: string, change: Partial<MeterOptions> = {}): Promise<Meter> {
  return startMeter({
    target: readTarget(url, { setting: 'attack' }),
    headers: {},
    host: '127.0.0.1',
    port: 0,
    connections: 0,
    timeoutMs: 10_000,
    budget: null,
    record: null,
    ...change,
  });
}

/** A dollar a million input tokens, ten a million output tokens. */
export function budgetOf(limitUsd: number): MeterOptions['budget'] {
  const prices = readPriceFile({ models: { m: { input: 1, output: 10 } } }, 'attack');
  return { limitUsd, pricing: createPricing({ builtIn: prices, provider: 'attack' }) };
}

export type Figures = {
  inFlight: number;
  heldBytes: number;
  memoryBytes: number;
  connections: { fromK6: number; open: number; idle: number };
  budget: { spentUsd: number; reservedUsd: number } | null;
};

export function figuresOf(meter: Meter): Figures {
  return meter.figures() as Figures;
}

/** One chat request through a meter. */
export async function ask(
  meter: Meter,
  {
    body = {},
    headers = {},
    signal,
  }: { body?: object; headers?: Record<string, string>; signal?: AbortSignal } = {},
): Promise<{ status: number; answer: MeterAnswer; raw: string }> {
  const answer = await request(`${meter.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ model: 'm', stream: true, max_tokens: 8, messages: [], ...body }),
    ...(signal === undefined ? {} : { signal }),
  });
  const raw = await answer.body.text();
  return { status: answer.statusCode, answer: JSON.parse(raw) as MeterAnswer, raw };
}

/** Bytes to a port, and all that comes back until the connection ends or `waitMs` are over. */
export function sendRaw(port: number, bytes: string | Buffer, waitMs = 5000): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    const socket = connect({ port, host: '127.0.0.1' }, () => socket.write(bytes));
    const timer = setTimeout(() => socket.destroy(), waitMs);
    socket.on('data', (data) => (text += data.toString('latin1')));
    socket.on('error', () => {});
    socket.on('close', () => {
      clearTimeout(timer);
      resolve(text);
    });
  });
}

export const event = (data: unknown): string =>
  `data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`;
export const delta = (content: string): string =>
  event({ model: 'm', choices: [{ index: 0, delta: { content }, finish_reason: null }] });
export const TAIL =
  event({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] }) +
  event({ choices: [], usage: { prompt_tokens: 5, completion_tokens: 3 } }) +
  event('[DONE]');
export const chunk = (text: string): string => `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`;
export const STREAM_HEAD =
  'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n';
/** A whole streamed answer. */
export const GOOD = `${STREAM_HEAD}${chunk(delta('Hi') + TAIL)}0\r\n\r\n`;
