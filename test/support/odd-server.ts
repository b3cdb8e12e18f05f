import { createServer, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { onTestFinished } from 'vitest';
import { createRandom, indexOf } from '../../src/lib/random.ts';

/** A server that answers chat requests with whatever a server should not. */
export type OddServer = {
  url: string;
  /** Chat requests that were answered, whatever with. */
  requests: () => number;
};

type Bytes = string | Buffer;

const STATUSES = [
  ...[200, 200, 200, 200, 200, 200, 201, 202, 204, 205, 206, 207, 226, 300, 301, 302, 303, 304, 307, 308],
  ...[400, 401, 402, 403, 404, 405, 408, 409, 410, 413, 418, 422, 425, 429, 451, 498, 499],
  ...[500, 501, 502, 503, 504, 505, 520, 522, 524, 529, 530, 598, 599, 600, 700, 999],
];

const OK_BODY =
  '{"id":"1","object":"chat.completion","model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"Wren."},"finish_reason":"stop"}],"usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5}}';

const withUsage = (usage: string): string => OK_BODY.replace(/"usage":\{[^}]*\}/, `"usage":${usage}`);
const withChoices = (choices: string): string =>
  `{"model":"m","choices":${choices},"usage":{"prompt_tokens":3}}`;
const event = (data: string): string => `data: ${data}\n\n`;
const delta = (text: string): string => `{"choices":[{"index":0,"delta":{"content":${text}}}]}`;

const BODIES: readonly Bytes[] = [
  ...[
    '',
    ' ',
    '\n\n',
    '\u0000\u0001',
    '\uFEFF',
    `\uFEFF${OK_BODY}`,
    'null',
    'true',
    '0',
    '1e999',
    '-1',
    '""',
    '"x"',
  ],
  ...[
    '[]',
    '[null]',
    '[[[[',
    '{',
    '{}',
    '}{',
    '{"error":null}',
    '{"error":{}}',
    '{"error":[]}',
    '{"error":""}',
  ],
  ...['{"error":true}', '{"error":{"message":{"a":1},"code":[],"type":{}}}', '{"error":{"code":1e999}}'],
  ...['{"detail":[{"loc":null,"msg":5}]}', '{"detail":[null]}', '{"errors":[[]]}', '{"type":"error"}'],
  ...[
    '{"__proto__":{"choices":[]},"constructor":1}',
    '{"model":{},"choices":{}}',
    '{"model":7,"choices":"x"}',
  ],
  ...['[]', '[null]', '[{}]', '[5]', '[[]]', 'null', '{"0":{"message":{"content":"x"}}}'].map(withChoices),
  ...[
    'null',
    '5',
    '[]',
    '{}',
    '{"content":null}',
    '{"content":5}',
    '{"content":{}}',
    '{"content":["x",null,{}]}',
  ].map((message) => withChoices(`[{"message":${message},"finish_reason":{}}]`)),
  ...[
    '{"tool_calls":{}}',
    '{"tool_calls":[null,{"function":5}]}',
    '{"refusal":7}',
    '{"reasoning_content":{}}',
  ].map((message) => withChoices(`[{"message":${message}}]`)),
  ...[
    'null',
    '5',
    '"x"',
    '[]',
    '{}',
    '{"prompt_tokens":null}',
    '{"prompt_tokens":"12","completion_tokens":"x"}',
  ].map(withUsage),
  ...[
    '{"prompt_tokens":-5,"completion_tokens":-7}',
    '{"prompt_tokens":1e999,"completion_tokens":1e308}',
    '{"prompt_tokens":0.5,"completion_tokens":1e16,"cost":"free"}',
    '{"prompt_tokens":3,"completion_tokens":2,"cost":-1,"prompt_tokens_details":7}',
    '{"prompt_tokens":3,"completion_tokens":2,"cost":1e999,"prompt_tokens_details":{"cached_tokens":99}}',
    '{"prompt_tokens":3,"completion_tokens":2,"completion_tokens_details":{"reasoning_tokens":-4}}',
  ].map(withUsage),
  ...[OK_BODY, OK_BODY, OK_BODY, OK_BODY.slice(0, 90), `${OK_BODY}trailing`, OK_BODY.repeat(2)],
  ...[
    '[DONE]',
    delta('"Wren."'),
    delta('null'),
    delta('5'),
    'null',
    '{',
    '{"choices":[null]}',
    '{"error":"no"}',
  ].map(event),
  event(delta('"Wren."')) + event('[DONE]'),
  `event: error\r\ndata: {"type":"error","error":{"type":"overloaded_error"}}\r\n\r\n`,
  `id\ndata\n:\n::\nretry: x\ndata:\n\n${event('[DONE]')}`,
  '<html><title>\n502 </title><body>' + '<b>'.repeat(500),
  '['.repeat(20_000),
  `{"choices":[{"message":{"content":"${'long '.repeat(60_000)}"}}]}`,
  Buffer.from([0xff, 0xfe, 0x7b, 0x00, 0x7d, 0x00]),
  Buffer.from([0xc3, 0x28, 0xf0, 0x28, 0x8c, 0xbc]),
  gzipSync(OK_BODY),
];

const HEADERS: readonly string[][] = [
  ...[
    [],
    [],
    [],
    ['content-type: text/html'],
    ['content-type: '],
    ['content-type: application/json; charset=x-y'],
  ],
  ...['-3', '1e3', '120', 'soon', '', 'Wed, 21 Oct 2015 07:28:00 GMT', '9'.repeat(400), '0x10', '1;2'].map(
    (value) => [`retry-after: ${value}`],
  ),
  ...['-1', 'x', '', '1e999', '7', '{}'].map((value) => [
    `x-ratelimit-remaining-requests: ${value}`,
    `x-ratelimit-remaining-tokens: ${value}`,
    `x-ratelimit-remaining-${'odd'.repeat(40)}: 5`,
  ]),
  ...['-1', 'x', '', '1e999', '0.002', 'Infinity', 'NaN'].map((value) => [
    `x-litellm-response-cost: ${value}`,
  ]),
  ['content-encoding: gzip'],
  ['content-encoding: br'],
  ['content-encoding: nonsense'],
  ['location: /elsewhere'],
  ['location: ://'],
  ['set-cookie: a=b; Path=/', 'set-cookie: ', 'www-authenticate: Basic'],
  [`x-long: ${'y'.repeat(8000)}`],
  ['X-A: 1', 'x-a: 2', 'x-a: 3'],
];

/** Every status, body and header of the lists above, mixed by a seed, each chat request another. */
export async function openOddServer(seed: number): Promise<OddServer> {
  const random = createRandom(seed);
  const pick = <T>(list: readonly T[], fallback: T): T =>
    list[indexOf(random.next(), list.length)] ?? fallback;
  let requests = 0;
  const answer = (path: string): Buffer => {
    if (path.endsWith('/models')) return message({ status: 404, headers: [], body: '' });
    if (!path.endsWith('/chat/completions')) return message({ status: 200, headers: [], body: OK_BODY });
    // Each body and status comes even where few requests do.
    const body = BODIES[requests % BODIES.length] ?? '';
    const status = random.next() < 0.5 ? 200 : pick(STATUSES, 200);
    requests += 1;
    return message({ status, headers: pick(HEADERS, []), body });
  };
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.on('close', () => sockets.delete(socket)));
    let received = '';
    socket.on('error', () => {});
    socket.setEncoding('latin1').on('data', (text: string) => {
      received += text;
      const headEnd = received.indexOf('\r\n\r\n');
      const length = Number(/content-length: (\d+)/i.exec(received)?.[1] ?? 0);
      if (headEnd < 0 || received.length < headEnd + 4 + length) return;
      socket.end(answer(received.split(' ')[1] ?? ''));
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

function message({
  status,
  headers,
  body,
}: {
  status: number;
  headers: readonly string[];
  body: Bytes;
}): Buffer {
  const bytes = typeof body === 'string' ? Buffer.from(body) : body;
  const length = `content-length: ${bytes.length}`;
  const head = [`HTTP/1.1 ${status} Odd`, 'connection: close', length, ...headers].join('\r\n');
  return Buffer.concat([Buffer.from(`${head}\r\n\r\n`, 'latin1'), bytes]);
}
