import { connect } from 'node:net';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Socket } from 'node:net';
import { fetchDirect } from '../../src/tools/http1/fetch-direct.ts';
import { type Attack, type AttackKind, held } from './attack.ts';
import { ask, budgetOf, figuresOf, GOOD, openHostileServer, openMeter, sendRaw } from './targets.ts';
import { chunk, delta, event, STREAM_HEAD, TAIL } from '../support/stream-text.ts';

const KEY = 'sk-attack-s3cret-0123456789';
const BODY = JSON.stringify({ model: 'm', max_tokens: 8, messages: [] });

/** Programs and pages that are not k6. */
export async function frontAttacks(): Promise<AttackKind> {
  const server = await openHostileServer((socket) =>
    socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}'),
  );
  const meter = await openMeter(server.url, { patienceMs: { idleMs: 300, requestMs: 300 } });
  const post = (headers: string, body = BODY): string =>
    `POST /v1/chat/completions HTTP/1.1\r\n${headers}Content-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`;
  const statusOf = async (bytes: string): Promise<number> =>
    Number((await sendRaw(meter.port, bytes)).split(' ')[1] ?? 0);
  const routes = [
    'GET /health',
    'GET /__meter',
    'GET /v1/models',
    'POST /v1/chat/completions',
    'POST /v1/messages',
    'DELETE /',
    'GET /a/../models',
  ];
  const pages = [
    'Host: evil.example\r\n',
    'Host: 127.0.0.1.evil.example\r\n',
    'Host: evil.example:80\r\n',
    'Host: localhost.evil.example\r\n',
    'Host: 128.0.0.1\r\n',
    'Host: [::2]\r\n',
    'Host: \r\n',
    'Host: localhost\r\nOrigin: http://evil.example\r\n',
    'Host: localhost\r\nOrigin: null\r\n',
    'Host: localhost\r\nORIGIN: http://localhost\r\n',
    'Host: localhost\r\nSec-Fetch-Site: cross-site\r\n',
    'Host: localhost\r\nSec-Fetch-Site: same-site\r\n',
    'Host: localhost\r\nHost: evil.example\r\n',
  ];
  const foreign = routes.flatMap((route) =>
    pages.map((headers): Attack => ({
      name: `${route} as ${JSON.stringify(headers)}`,
      run: async () => {
        const status = await statusOf(`${route} HTTP/1.1\r\n${headers}Connection: close\r\n\r\n`);
        return held(status === 403, status);
      },
    })),
  );
  const malformed: [string, string][] = [
    ['a proxy request', 'GET http://evil.example/v1/models HTTP/1.1\r\nHost: localhost\r\n\r\n'],
    ['HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
    ['garbage', '\0\u0001\u0002\r\n\r\n'],
    ['TLS', '\u0016\u0003\u0001\0\u00a5\u0001\0\0\r\n\r\n'],
    ['a head of a megabyte', `GET / HTTP/1.1\r\nHost: localhost\r\nA: ${'a'.repeat(1 << 20)}\r\n\r\n`],
    ['a length that is no number', post('Host: localhost\r\nContent-Length: x\r\n')],
    ['two lengths', post('Host: localhost\r\nContent-Length: 3\r\n')],
    [
      'a body of a terabyte',
      'POST /v1/messages HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000000000\r\n\r\n',
    ],
    [
      'chunks that lie',
      'POST /v1/messages HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n\r\n',
    ],
    ['a space before the colon', 'GET /health HTTP/1.1\r\nHost : localhost\r\n\r\n'],
  ];
  const refused = malformed.map(([name, bytes]): Attack => ({
    name,
    run: async () => {
      const status = await statusOf(bytes);
      return held(status >= 400 && status < 600, status);
    },
  }));
  const forgotten = ['', 'POST /v1/chat', post('Host: localhost\r\n').slice(0, -3)].map((bytes): Attack => ({
    name: `a connection forgotten after ${bytes.length} bytes ends`,
    run: () =>
      new Promise((resolve) => {
        const socket = connect({ port: meter.port, host: '127.0.0.1' }, () => socket.write(bytes));
        const timer = setTimeout(() => resolve('still open after 5 s'), 5000);
        socket.on('error', () => {});
        socket.on('close', () => {
          clearTimeout(timer);
          resolve(null);
        });
      }),
  }));
  const crowd: Attack = {
    name: 'a thousand connections at once, and one that asks',
    run: async () => {
      const sockets = Array.from({ length: 1000 }, () => connect({ port: meter.port, host: '127.0.0.1' }));
      for (const socket of sockets) socket.on('error', () => {});
      const status = await statusOf('GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
      for (const socket of sockets) socket.destroy();
      return held(status === 200, status);
    },
  };
  const none: Attack = {
    name: 'none of it reached the server',
    run: async () => held(server.requests() === 0, server.requests()),
  };
  return {
    kind: 'requests to the meter of web pages and others',
    attacks: [...foreign, ...refused, ...forgotten, crowd, none],
    oneByOne: true,
    close: async () => {
      await meter.close();
      await server.close();
    },
  };
}

/** The budget, and who would pass it. */
export async function budgetAttacks(): Promise<AttackKind> {
  const misdeeds: [string, (socket: Socket) => void][] = [
    ['resets', (socket) => socket.resetAndDestroy()],
    ['ends', (socket) => socket.end()],
    ['504', (socket) => socket.write('HTTP/1.1 504 X\r\ncontent-length: 0\r\n\r\n')],
    ['500', (socket) => socket.write('HTTP/1.1 500 X\r\ncontent-length: 0\r\n\r\n')],
    [
      'streams that break off',
      (socket) => socket.write(STREAM_HEAD + chunk(delta('Hi')), () => socket.resetAndDestroy()),
    ],
    [
      'usage below zero',
      (socket) =>
        socket.write(
          `${STREAM_HEAD}${chunk(delta('Hi') + TAIL.replace('"completion_tokens":3', '"completion_tokens":-3'))}0\r\n\r\n`,
        ),
    ],
    [
      'no usage',
      (socket) =>
        socket.write(
          `${STREAM_HEAD}${chunk(delta('Hi') + event({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] }))}0\r\n\r\n`,
        ),
    ],
    ['usage of another model', (socket) => socket.write(GOOD.replaceAll('"model":"m"', '"model":"x"'))],
    ['honest answers', (socket) => socket.write(GOOD)],
  ];
  const server = await openHostileServer((socket, attack) => misdeeds[attack]?.[1](socket));
  const limits: [string, object, boolean][] = [
    ['a limit as text', { max_tokens: '100000' }, true],
    ['a limit with underscores', { max_tokens: '100_000' }, true],
    ['two limits', { max_tokens: 1, max_completion_tokens: 100_000 }, true],
    ['many choices', { max_tokens: 10, n: '10000' }, true],
    ['a limit below zero', { max_tokens: -1 }, true],
    ['a limit in a list', { max_tokens: [1] }, true],
    ['no limit', { max_tokens: null }, true],
    ['a model without a price', { model: 'constructor' }, true],
    ['a request that fits', {}, false],
  ];
  const races = misdeeds.map(([name], attack): Attack => ({
    name: `two hundred at once: ${name}`,
    run: async () => {
      const limitUsd = 0.005;
      const meter = await openMeter(server.url, { budget: budgetOf(limitUsd) });
      const before = server.requests();
      const answers = await Promise.all(Array.from({ length: 200 }, () => ask(meter, { body: { attack } })));
      const sent = server.requests() - before;
      const { budget } = figuresOf(meter);
      await meter.close();
      const refused = answers.filter(({ answer }) => answer.overBudget).length;
      // Whatever was written may be billed, at 80 millionths of output tokens and the body's bytes.
      const leastUsd = name === 'honest answers' || name === 'usage of another model' ? 0 : sent * 80e-6;
      const spentUsd = budget?.spentUsd ?? NaN;
      const isRight = spentUsd <= limitUsd + 1e-9 && spentUsd >= leastUsd && budget?.reservedUsd === 0;
      return held(isRight && refused > 0, { spentUsd, sent, refused });
    },
  }));
  const texts = limits.map(([name, body, refuses]): Attack => ({
    name,
    run: async () => {
      const meter = await openMeter(server.url, { budget: budgetOf(0.01) });
      const { answer } = await ask(meter, { body: { attack: 8, ...body } });
      await meter.close();
      return held(answer.overBudget === refuses, answer.attempt.outcome);
    },
  }));
  return { kind: 'the budget', attacks: [...races, ...texts], oneByOne: true, close: server.close };
}

/** The key, and where it should not go. */
export async function keyAttacks(): Promise<AttackKind> {
  const folder = mkdtempSync(path.join(tmpdir(), 'k6-llm-attack-'));
  const heard: string[] = [];
  const other = await openHostileServer((socket, _attack, request) => {
    heard.push(request);
    socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}');
  });
  const statuses = [300, 301, 302, 303, 304, 305, 307, 308];
  const echoes: [string, string][] = [
    [
      'in an error',
      `HTTP/1.1 401 X\r\ncontent-length: 200\r\n\r\n${JSON.stringify({ error: { message: `no ${KEY}`, code: KEY } }).padEnd(200)}`,
    ],
    [
      'as its model',
      GOOD.replace(
        STREAM_HEAD + chunk(delta('Hi') + TAIL),
        STREAM_HEAD + chunk(delta('Hi').replace('"m"', `"${KEY}"`) + TAIL),
      ),
    ],
    [
      'as a finish reason',
      STREAM_HEAD + chunk((delta('Hi') + TAIL).replace('"stop"', `"${KEY}"`)) + '0\r\n\r\n',
    ],
    [
      'in a header',
      `HTTP/1.1 200 OK\r\nx-ratelimit-remaining-${KEY}: 5\r\nx-litellm-response-cost: ${KEY}\r\ncontent-length: 2\r\n\r\n{}`,
    ],
    ['in the content type', `HTTP/1.1 500 X\r\ncontent-type: ${KEY}\r\ncontent-length: 0\r\n\r\n`],
  ];
  const server = await openHostileServer((socket, attack) => {
    const status = statuses[attack];
    const location = `${other.url.replace('/v1', '')}/evil`;
    socket.write(
      status === undefined
        ? (echoes[attack - statuses.length]?.[1] ?? GOOD)
        : `HTTP/1.1 ${status} X\r\nLocation: ${location}\r\nContent-Length: 0\r\n\r\n`,
    );
  });
  const file = path.join(folder, 'record.jsonl');
  const meter = await openMeter(server.url, {
    headers: { authorization: `Bearer ${KEY}` },
    record: { file, events: true },
  });
  const redirects = statuses.flatMap((status, attack): Attack[] => [
    {
      name: `${status} of a chat request`,
      run: async () => {
        const { answer } = await ask(meter, { body: { attack } });
        const { outcome } = answer.attempt;
        const told = outcome.kind === 'failed' && outcome.message.includes('LLM_BASE_URL');
        return held(told && heard.length === 0, [outcome, heard.length]);
      },
    },
    {
      name: `${status} of a tool's own request`,
      run: async () => {
        const asked = fetchDirect(server.url, {
          method: 'POST',
          body: `{"attack":${attack}}`,
          headers: { 'x-api-key': KEY },
          setting: 'X',
        });
        const said = await asked.then(String, String);
        return held(said.includes('RedirectError') && heard.length === 0, said);
      },
    },
  ]);
  const repeated = echoes.map(([name], index): Attack => ({
    name: `repeated ${name}`,
    run: async () => {
      const { raw } = await ask(meter, { body: { attack: statuses.length + index } });
      const isTold = name.startsWith('as ') ? false : raw.includes(KEY);
      return held(!isTold && !JSON.stringify(meter.figures()).includes(KEY), raw);
    },
  }));
  const record: Attack = {
    name: 'the record holds none of it',
    run: async () => {
      await meter.close();
      const text = readFileSync(file, 'utf8');
      return held(!text.includes(KEY) && text.length > 0, text.slice(text.indexOf(KEY) - 50));
    },
  };
  return {
    kind: 'the key: redirects and echoes',
    attacks: [...redirects, ...repeated, record],
    oneByOne: true,
    close: async () => {
      await server.close();
      await other.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
