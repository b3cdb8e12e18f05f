import { createServer, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { onTestFinished } from 'vitest';
import { createRandom, indexOf } from '../../../src/lib/numbers/random.ts';
import odd from '../../fixtures/odd-answers.json' with { type: 'json' };

/** A server that answers chat requests with whatever a server should not. */
export type OddServer = {
  url: string;
  /** Chat requests that were answered, whatever with. */
  requests: () => number;
};

type Bytes = string | Buffer;

const OK_BODY =
  '{"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"Wren."},"finish_reason":"stop"}]';

const BODIES: readonly Bytes[] = [
  ...odd.bodies,
  ...odd.choices.map((choices) => `{"model":"m","choices":${choices},"usage":{"prompt_tokens":3}}`),
  ...odd.messages.map((message) => `{"choices":[{"message":${message},"finish_reason":{}}]}`),
  ...odd.usages.map((usage) => `${OK_BODY},"usage":${usage}}`),
  ...odd.events.map((data) => `data: ${data}\n\n`),
  '['.repeat(20_000),
  `{"choices":[{"message":{"content":"${'long '.repeat(60_000)}"}}]}`,
  Buffer.from([0xff, 0xfe, 0x7b, 0x00, 0x7d, 0x00]),
  Buffer.from([0xc3, 0x28, 0xf0, 0x28, 0x8c, 0xbc]),
  gzipSync(`${OK_BODY}}`),
];

/** Every status, body and header of `odd-answers.json`, mixed by a seed, each chat request another. */
export async function openOddServer(seed: number): Promise<OddServer> {
  const random = createRandom(seed);
  const pick = <T>(list: readonly T[], fallback: T): T =>
    list[indexOf(random.next(), list.length)] ?? fallback;
  let requests = 0;
  const answerTo = (path: string): Buffer => {
    if (path.endsWith('/models')) return message(404, [], '');
    if (!path.endsWith('/chat/completions')) return message(200, [], `${OK_BODY}}`);
    // One after the other, so that each body comes even where few requests do.
    const body = BODIES[requests % BODIES.length] ?? '';
    requests += 1;
    return message(random.next() < 0.5 ? 200 : pick(odd.statuses, 200), pick(odd.headers, []), body);
  };
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.on('close', () => sockets.delete(socket)));
    socket.on('error', () => {});
    let received = '';
    socket.setEncoding('latin1').on('data', (text: string) => {
      received += text;
      const headEnd = received.indexOf('\r\n\r\n');
      const length = Number(/content-length: (\d+)/i.exec(received)?.[1] ?? 0);
      if (headEnd < 0 || received.length < headEnd + 4 + length) return;
      socket.end(answerTo(received.split(' ')[1] ?? ''));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return { url: `http://127.0.0.1:${port}/v1`, requests: () => requests };
}

function message(status: number, headers: readonly string[], body: Bytes): Buffer {
  const bytes = typeof body === 'string' ? Buffer.from(body) : body;
  const length = `content-length: ${bytes.length}`;
  const head = [`HTTP/1.1 ${status} Odd`, 'connection: close', length, ...headers].join('\r\n');
  return Buffer.concat([Buffer.from(`${head}\r\n\r\n`, 'latin1'), bytes]);
}
