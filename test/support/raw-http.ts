import { connect } from 'node:net';

/** An answer as it came over the socket, and how the connection ended. */
export type RawAnswer = {
  status: number;
  headers: Readonly<Record<string, string>>;
  /** The body, out of its chunks. */
  body: string;
  /** The body came whole: all its length, or its last chunk. */
  whole: boolean;
  end: 'fin' | 'rst';
};

export type RawRequest = {
  method?: string;
  path: string;
  headers?: Readonly<Record<string, string>>;
  body?: string;
};

/** HTTP/1.1 as text; `connection: close` unless told. */
export function renderRequest(request: RawRequest): string {
  const { method = request.body === undefined ? 'GET' : 'POST', path, headers = {}, body = '' } = request;
  const lines = Object.entries({
    host: 'mock',
    connection: 'close',
    'content-length': String(Buffer.byteLength(body)),
    ...headers,
  }).map(([name, value]) => `${name}: ${value}\r\n`);
  return `${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n${body}`;
}

/**
 * Sends bytes on a connection of its own and reads until it ends. Node takes a reset that comes together with bytes for
 * a usual end: after one, a byte is written, which only a connection that was not reset takes.
 */
export function exchangeRaw(
  port: number,
  bytes: string | Buffer,
): Promise<{ text: string; end: 'fin' | 'rst' }> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let end: 'fin' | 'rst' = 'fin';
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true }, () => socket.write(bytes));
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    socket.on('end', () =>
      socket.write('\n', (error) => {
        if (error) end = 'rst';
        socket.destroy();
      }),
    );
    socket.on('error', () => {
      end = 'rst';
    });
    socket.on('close', () => resolve({ text: Buffer.concat(chunks).toString('utf8'), end }));
  });
}

/** One request on a connection of its own. */
export async function requestRaw(port: number, request: RawRequest): Promise<RawAnswer> {
  const { text, end } = await exchangeRaw(port, renderRequest(request));
  return { ...parseAnswer(text), end };
}

/** Reads one answer. An empty text is status 0. */
export function parseAnswer(text: string): Omit<RawAnswer, 'end'> {
  const split = text.indexOf('\r\n\r\n');
  const [statusLine = '', ...lines] = text.slice(0, Math.max(0, split)).split('\r\n');
  const headers = Object.fromEntries(
    lines.map((line) => [
      line.slice(0, line.indexOf(':')).toLowerCase(),
      line.slice(line.indexOf(':') + 1).trim(),
    ]),
  );
  const rest = split < 0 ? '' : text.slice(split + 4);
  const status = Number(statusLine.split(' ')[1] ?? 0);
  if (headers['transfer-encoding'] === 'chunked') return { status, headers, ...dechunk(rest) };
  return { status, headers, body: rest, whole: rest.length === Number(headers['content-length'] ?? -1) };
}

function dechunk(text: string): { body: string; whole: boolean } {
  let body = '';
  let at = 0;
  for (;;) {
    const line = text.indexOf('\r\n', at);
    if (line < 0) return { body, whole: false };
    const size = Number.parseInt(text.slice(at, line), 16);
    if (size === 0) return { body, whole: text.slice(line) === '\r\n\r\n' };
    body += text.slice(line + 2, line + 2 + size);
    at = line + 2 + size + 2;
    if (at > text.length) return { body, whole: false };
  }
}

/** The JSON of each `data:` line of a stream, [DONE] as the text itself, and what does not parse as null. */
export function eventsOf(body: string): unknown[] {
  return body
    .split(/\r?\n/)
    .filter((line) => line.startsWith('data:'))
    .map((line) => line.slice(5).trim())
    .map((data) => {
      if (data === '[DONE]') return data;
      try {
        return JSON.parse(data) as unknown;
      } catch {
        return null;
      }
    });
}
