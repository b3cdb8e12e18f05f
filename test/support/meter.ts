import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createServer as createTlsServer } from 'node:tls';
import { onTestFinished } from 'vitest';
import { request } from 'undici';
import type { MeterAnswer } from '../../src/lib/answer/meter-answer.ts';
import type { Random } from '../../src/lib/numbers/random.ts';
import { type Meter, startMeter } from '../../src/tools/meter/start-meter.ts';
import { DEFAULT_TIMEOUT_MS, type MeterOptions } from '../../src/tools/meter/meter-options.ts';
import { readTarget } from '../../src/tools/meter/upstream/upstream-target.ts';

/** A meter in this process, closed after the test that calls it. */
export async function openMeter(baseUrl: string, change: Partial<MeterOptions> = {}): Promise<Meter> {
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

/** PEM. */
export type Certificate = { key: string; cert: string };

/** A new self-signed certificate for 127.0.0.1; null where there is no openssl. */
export function makeCertificate(): Certificate | null {
  const folder = mkdtempSync(path.join(tmpdir(), 'certificate-'));
  const [key, cert] = [path.join(folder, 'key.pem'), path.join(folder, 'cert.pem')];
  const args = 'req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=test -addext subjectAltName=IP:127.0.0.1';
  try {
    execFileSync('openssl', [...args.split(' '), '-keyout', key, '-out', cert], { stdio: 'ignore' });
    return { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') };
  } catch {
    return null;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A server that answers each request on a connection with the next script, and counts what it saw. */
export async function openUpstream(
  script: (socket: Socket, count: number, request: string) => void,
  certificate: Certificate | null = null,
): Promise<{ url: string; seen: string[]; server: Server; gone: () => number }> {
  const seen: string[] = [];
  let goneCount = 0;
  const sockets = new Set<Socket>();
  const onSocket = (socket: Socket): void => {
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
      const whole = text;
      seen.push(whole);
      text = '';
      script(socket, seen.length, whole);
    });
  };
  const server = certificate === null ? createServer(onSocket) : createTlsServer(certificate, onSocket);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const scheme = certificate === null ? 'http' : 'https';
  return { url: `${scheme}://127.0.0.1:${port}/v1`, seen, server, gone: () => goneCount };
}

export type Asked = {
  status: number;
  answer: MeterAnswer;
  headers: Record<string, string | string[] | undefined>;
};

/** One request to it; by default a small streamed chat. */
export async function ask(
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

/** An event of a stream. */
export const event = (data: unknown): string =>
  `data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`;
/** An event with text. */
export const delta = (content: string): string =>
  event({ model: 'm', choices: [{ index: 0, delta: { content }, finish_reason: null }] });
/** Finish reason, usage and [DONE]. */
export const TAIL =
  event({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] }) +
  event({ choices: [], usage: { prompt_tokens: 5, completion_tokens: 3 } }) +
  event('[DONE]');

/** A chunked answer, its chunks cut anywhere. */
export function chunked(body: string, random: Random): Buffer {
  const bytes = Buffer.from(body, 'utf8');
  const parts = [Buffer.from(head())];
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
export async function dribble(socket: Socket, bytes: Buffer, random: Random): Promise<void> {
  socket.setNoDelay(true);
  for (let at = 0; at < bytes.length && !socket.destroyed;) {
    const size = 1 + Math.floor(random.next() ** 3 * 400);
    socket.write(bytes.subarray(at, at + size));
    at += size;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** The head of a streamed answer in the chunked coding. */
export function head(): string {
  return 'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n';
}

/** One chunk of it. */
export function chunk(text: string): string {
  return `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`;
}
