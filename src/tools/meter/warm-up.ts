import { StreamReader } from '../../lib/stream.ts';
import { ResponseReader } from './response-reader.ts';

const STREAMS = 400;
const EVENTS = 64;

/**
 * Runs the code that every answer passes, so that the engine has compiled it before the first real one: about 50 ms,
 * and nothing leaves the process.
 */
export function warmUp(): void {
  const answer = Buffer.from(syntheticAnswer(), 'latin1');
  for (let round = 0; round < STREAMS; round++) {
    const stream = new StreamReader({ decode: (text) => text });
    const reader = new ResponseReader({
      onHead: () => {},
      onBody: (bytes, start, end) => stream.feed(bytes.toString('latin1', start, end), round),
    });
    reader.feed(answer, 0, answer.length);
    stream.end('clean');
  }
}

/** A whole streamed answer as a server sends it, a chunk an event. */
function syntheticAnswer(): string {
  const chunk = (data: string): string => {
    const event = `data: ${data}\n\n`;
    return `${event.length.toString(16)}\r\n${event}\r\n`;
  };
  const delta = (content: string): string =>
    `{"id":"w","object":"chat.completion.chunk","created":1,"model":"w","choices":[{"index":0,"delta":{"content":"${content}"},"finish_reason":null}]}`;
  const events = Array.from({ length: EVENTS }, (_, index) => chunk(delta(`word${index} `)));
  const finish = chunk('{"id":"w","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}');
  const usage = chunk(`{"id":"w","choices":[],"usage":{"prompt_tokens":9,"completion_tokens":${EVENTS}}}`);
  const head = 'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n';
  return `${head}${events.join('')}${finish}${usage}${chunk('[DONE]')}0\r\n\r\n`;
}
