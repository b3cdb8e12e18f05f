// A server that answers at once, so that clients are what limits: chat requests on plain sockets, each answered with
// the same bytes, in one write. No parsing beyond the end of the request.
//
//   node bench/servers/instant.mjs [TOKENS]      64 by default; a streamed answer has an event for each
//
// GET /__counts: {atMs, requests, firstAtMs}: requests answered so far, every 50 ms; when the first ten came.
import { createServer } from 'node:net';

const TOKENS = Number(process.argv[2] ?? 64);
const EVERY_MS = 50;
const FIRST = 10;
const usage = { prompt_tokens: 12, completion_tokens: TOKENS, total_tokens: 12 + TOKENS };
const base = { id: 'chatcmpl-bench', created: 1_760_000_000, model: 'gpt-4.1' };
const blocking = plain(
  JSON.stringify({
    ...base,
    object: 'chat.completion',
    choices: [
      { index: 0, message: { role: 'assistant', content: 'word '.repeat(TOKENS) }, finish_reason: 'stop' },
    ],
    usage,
  }),
);
const streamed = stream();
const models = plain('{"object":"list","data":[{"id":"bench","object":"model"}]}');

function plain(body) {
  return Buffer.from(
    `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}

/** Each event in an HTTP chunk of its own. */
function stream() {
  const chunk = { ...base, object: 'chat.completion.chunk' };
  const choice = (delta, finish_reason = null) => ({
    ...chunk,
    choices: [{ index: 0, delta, finish_reason }],
  });
  const events = [
    choice({ role: 'assistant', content: '' }),
    ...Array.from({ length: TOKENS }, () => choice({ content: 'word ' })),
    choice({}, 'stop'),
    { ...chunk, choices: [], usage },
  ].map((event) => `data: ${JSON.stringify(event)}\n\n`);
  const chunks = [...events, 'data: [DONE]\n\n'].map((text) => `${text.length.toString(16)}\r\n${text}\r\n`);
  return Buffer.from(
    `HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n${chunks.join('')}0\r\n\r\n`,
  );
}

let answered = 0;
/** `firstAtMs`: when the first few came. */
const counts = { atMs: [], requests: [], firstAtMs: [] };
setInterval(() => {
  counts.atMs.push(Date.now());
  counts.requests.push(answered);
}, EVERY_MS).unref();

createServer({ noDelay: true }, (socket) => {
  let pending = '';
  socket.on('error', () => socket.destroy());
  socket.on('data', (bytes) => {
    pending += bytes.latin1Slice();
    for (let end = endOfRequest(pending); end > 0 && end <= pending.length; end = endOfRequest(pending)) {
      const request = pending.slice(0, end);
      pending = pending.slice(end);
      socket.write(answerTo(request));
    }
  });
})
  .on('error', (error) => {
    throw error;
  })
  .listen(0, '127.0.0.1', 4096, function () {
    console.log(`http://127.0.0.1:${this.address().port}/v1`);
  });

/** Where the first request ends; Infinity while it is not known. */
function endOfRequest(text) {
  const head = text.indexOf('\r\n\r\n');
  if (head === -1) return text.length === 0 ? 0 : Infinity;
  const length = /\r\ncontent-length: *(\d+)/i.exec(text.slice(0, head));
  return head + 4 + (length === null ? 0 : Number(length[1]));
}

function answerTo(request) {
  if (request.startsWith('POST ')) {
    answered += 1;
    if (answered <= FIRST) counts.firstAtMs.push(Date.now());
    return /"stream": ?true/.test(request) ? streamed : blocking;
  }
  return request.startsWith('GET /__counts ') ? plain(JSON.stringify(counts)) : models;
}

process.once('SIGTERM', () => process.exit(0));
