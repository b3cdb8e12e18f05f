import type { Socket } from 'node:net';
import type { Random } from '../../src/lib/numbers/random.ts';

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
  const parts = [Buffer.from(STREAM_HEAD)];
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
export const STREAM_HEAD =
  'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n';

/** One chunk of it. */
export function chunk(text: string): string {
  return `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`;
}
