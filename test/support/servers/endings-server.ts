import { createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** Something that a server does with a request, in order; the last says what becomes of the connection. */
export type Ending = {
  /** How the end of the body is announced. */
  framing: 'chunked' | 'until-close' | 'too-long' | 'none';
  body: string;
  close: 'last-chunk' | 'fin' | 'reset' | 'open';
};

export type EndingsServer = { url: string; requests: (model: string) => number };

/** So long after the body, ms, a connection ends, so that the body is read before. */
const LATER_MS = 10;

/** A server that answers each model as its name says, under every way in which a connection can end. */
export async function openEndingsServer(endings: Readonly<Record<string, Ending>>): Promise<EndingsServer> {
  const counts = new Map<string, number>();
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
    let text = '';
    socket.on('data', (bytes) => {
      text += bytes.toString('latin1');
      const length = Number(/content-length: (\d+)/i.exec(text)?.[1] ?? 0);
      const end = text.indexOf('\r\n\r\n') + 4;
      if (end < 4 || text.length < end + length) return;
      const model = /"model":"([\w.-]+)"/.exec(text)?.[1] ?? '';
      text = '';
      counts.set(model, (counts.get(model) ?? 0) + 1);
      const ending = Object.hasOwn(endings, model) ? endings[model] : undefined;
      if (ending === undefined) socket.end('HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n');
      else answer(socket, ending);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return { url: `http://127.0.0.1:${port}/v1`, requests: (model) => counts.get(model) ?? 0 };
}

function answer(socket: Socket, { framing, body, close }: Ending): void {
  const type = body.startsWith('{') ? 'application/json' : 'text/event-stream';
  const head = `HTTP/1.1 200 OK\r\ncontent-type: ${type}\r\n`;
  const size = Buffer.byteLength(body);
  if (framing === 'chunked') {
    const chunk = size === 0 ? '' : `${size.toString(16)}\r\n${body}\r\n`;
    socket.write(`${head}transfer-encoding: chunked\r\n\r\n${chunk}`);
  } else if (framing === 'until-close') socket.write(`${head}\r\n${body}`);
  else if (framing === 'too-long') socket.write(`${head}content-length: ${size + 1000}\r\n\r\n${body}`);
  if (close === 'last-chunk') socket.write('0\r\n\r\n');
  else if (close === 'fin') setTimeout(() => socket.end(), LATER_MS);
  else if (close === 'reset') setTimeout(() => socket.resetAndDestroy(), LATER_MS);
}
