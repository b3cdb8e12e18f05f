import { CHAT_KIND } from '../../../lib/kinds/chat/chat-kind.ts';
import { AnswerCollector } from '../answer-collector.ts';
import { readRequestFacts } from '../front/request-facts.ts';
import { RequestReader } from '../../http1/request-reader.ts';
import { ResponseReader } from './response-reader.ts';
import { HeldBytes } from '../held-bytes.ts';

const STREAMS = 300;
const EVENTS = 64;

let isWarm = false;

/**
 * Runs the code that every request passes, read by read as the network brings it, so that the engine has compiled it
 * before the first real one: about a tenth of a second, once a process, and nothing leaves it.
 */
export function warmUp(): void {
  if (isWarm) return;
  isWarm = true;
  const request = Buffer.from(REQUEST, 'latin1');
  const reads = answerReads().map((text) => Buffer.from(text, 'latin1'));
  for (let round = 0; round < STREAMS; round += 1) {
    const reading = new RequestReader().feed(request, round);
    if (reading.kind === 'request') readRequestFacts(reading.request.body, CHAT_KIND);
    readAnswer(reads);
  }
}

function readAnswer(reads: readonly Buffer[]): void {
  const collector = new AnswerCollector({
    stream: true,
    asked: null,
    keepGaps: false,
    keepText: false,
    keepReads: false,
    held: new HeldBytes(),
  });
  let atMs = 0.5;
  const reader = new ResponseReader({
    onHead: (head) => collector.onHead(head),
    onBody: (bytes, start, end) => collector.onBody(bytes, { start, end }, atMs),
  });
  for (const read of reads) {
    reader.feed(read, 0, read.length);
    atMs += 20;
  }
  JSON.stringify(collector.finish({ kind: 'complete' }, { ttfbMs: 0.5, endMs: atMs }));
}

const BODY = '{"model":"w","stream":true,"max_tokens":64,"messages":[{"role":"user","content":"Hi"}]}';
const REQUEST = `POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: k6\r\nContent-Type: application/json\r\nContent-Length: ${BODY.length}\r\n\r\n${BODY}`;

/** A whole streamed answer as a server sends it, a chunk an event, a read a chunk. */
function answerReads(): string[] {
  const chunk = (data: string): string => {
    const event = `data: ${data}\n\n`;
    return `${event.length.toString(16)}\r\n${event}\r\n`;
  };
  const delta = (content: string): string =>
    `{"id":"w","object":"chat.completion.chunk","created":1,"model":"w","choices":[{"index":0,"delta":{"content":"${content}"},"finish_reason":null}]}`;
  return [
    'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n',
    ...Array.from({ length: EVENTS }, (_, index) => chunk(delta(`word${index} `))),
    chunk('{"id":"w","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}'),
    chunk(`{"id":"w","choices":[],"usage":{"prompt_tokens":9,"completion_tokens":${EVENTS}}}`),
    `${chunk('[DONE]')}0\r\n\r\n`,
  ];
}
