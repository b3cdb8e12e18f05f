// Which HTTP client should carry the meter's upstream side? The same streams through undici, node:http and the
// meter's own sockets, every pool opened beforehand, all streams of a round starting together.
//
//   node bench/meter/transports.mjs [--streams 100,400,1000] [--rounds 3] [--repeats 2]
//
// Each variant runs in a process of its own beside the mock (TTFT 200 ms, 20 ms between tokens, 64 tokens). It
// prints the error of mean and p99 TTFT, of mean TPOT, and CPU a token. Variants take turns within a repeat.
import http from 'node:http';
import { pathToFileURL } from 'node:url';
import { readFlags } from '../../scripts/read-flags.mjs';
import { startServer } from '../process/server.mjs';
import { mean, percentile } from '../report/figures.mjs';
import { bundle, fixed, machine } from './support.mjs';

const TTFT_MS = 200;
const TPOT_MS = 20;
const TOKENS = 64;
const BODY = Buffer.from(
  JSON.stringify({
    model: 'bench',
    stream: true,
    max_tokens: TOKENS,
    messages: [{ role: 'user', content: 'Count.' }],
  }),
);
const KEY = Buffer.from('"content":"');

/** Counts content events in one read, all stamped with its time. The same for every variant. */
class Scan {
  first = null;
  last = null;
  events = 0;
  chunk(bytes, start, end, atMs) {
    for (let at = bytes.indexOf(KEY, start); at >= 0 && at < end; at = bytes.indexOf(KEY, at + KEY.length)) {
      if (bytes[at + KEY.length] === 0x22) continue;
      this.events += 1;
      this.first ??= atMs;
      this.last = atMs;
    }
  }
  result() {
    return { ttftMs: this.first, tpotMs: (this.last - this.first) / (this.events - 1), events: this.events };
  }
}

const VARIANTS = {
  async undici(url, streams) {
    const { Pool } = await import('undici');
    const pool = new Pool(url.origin, { connections: streams, pipelining: 1, keepAliveTimeout: 60_000 });
    const send = (path, method, body, scan) =>
      new Promise((resolve, reject) => {
        let writtenAtMs = performance.now();
        pool.dispatch(
          { path, method, body, headers: { 'content-type': 'application/json' } },
          {
            onRequestStart: () => (writtenAtMs = performance.now()),
            onResponseStart: () => {},
            onResponseData: (_, bytes) => scan.chunk(bytes, 0, bytes.length, performance.now() - writtenAtMs),
            onResponseEnd: () => resolve(scan.result()),
            onResponseError: (_, error) => reject(error),
          },
        );
      });
    await Promise.all(Array.from({ length: streams }, () => send('/health', 'GET', null, new Scan())));
    return {
      send: () => send(`${url.pathname}/chat/completions`, 'POST', BODY, new Scan()),
      close: () => pool.close(),
    };
  },
  async 'node:http'(url, streams) {
    const agent = new http.Agent({ keepAlive: true, maxSockets: streams, maxFreeSockets: streams });
    const send = (path, method, body) =>
      new Promise((resolve, reject) => {
        const scan = new Scan();
        const headers = { 'content-type': 'application/json' };
        const request = http.request({ agent, host: url.hostname, port: url.port, path, method, headers });
        const writtenAtMs = performance.now();
        request.on('response', (response) => {
          response.on('data', (bytes) => scan.chunk(bytes, 0, bytes.length, performance.now() - writtenAtMs));
          response.on('end', () => resolve(scan.result()));
        });
        request.on('error', reject);
        request.end(body);
      });
    await Promise.all(Array.from({ length: streams }, () => send('/health', 'GET', null)));
    return {
      send: () => send(`${url.pathname}/chat/completions`, 'POST', BODY),
      close: () => agent.destroy(),
    };
  },
  async sockets(url, streams, library) {
    const { UpstreamPool } = await import(library('upstream-pool'));
    const { Exchange } = await import(library('exchange'));
    const { readTarget } = await import(library('upstream-target'));
    const target = readTarget(url.href, { setting: 'url' });
    const pool = new UpstreamPool(target);
    const problem = await pool.fill(streams);
    if (problem !== null) throw new Error(problem);
    const head = `POST ${target.chatPaths.openai} HTTP/1.1\r\nhost: ${target.authority}\r\ncontent-type: application/json\r\ncontent-length: ${BODY.length}\r\n\r\n`;
    const request = Buffer.concat([Buffer.from(head), BODY]);
    return {
      send: () =>
        new Promise((resolve, reject) => {
          const scan = new Scan();
          void new Exchange(
            pool,
            { request, timeoutMs: 60_000 },
            {
              onHead: () => {},
              onBody: (bytes, { start: from, end }, atMs) => scan.chunk(bytes, from, end, atMs),
              onEnd: (end) =>
                end.kind === 'complete' ? resolve(scan.result()) : reject(new Error(end.kind)),
            },
          );
        }),
      close: () => pool.close(),
    };
  },
};

async function child([variant, address, streams, rounds, dir]) {
  const library = (name) => pathToFileURL(`${dir}/${name}.mjs`).href;
  const client = await VARIANTS[variant](new URL(address), Number(streams), library);
  const all = [];
  let cpu = process.cpuUsage();
  for (let round = 0; round <= Number(rounds); round += 1) {
    // The first round compiles; it is not counted.
    if (round === 1) cpu = process.cpuUsage();
    const results = await Promise.all(Array.from({ length: Number(streams) }, () => client.send()));
    if (round > 0) all.push(...results);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const { user, system } = process.cpuUsage(cpu);
  const events = all.reduce((sum, result) => sum + result.events, 0);
  const ttfts = all.map((result) => result.ttftMs);
  console.log(
    JSON.stringify({
      ttftMeanErrorMs: mean(ttfts) - TTFT_MS,
      ttftP99ErrorMs: percentile(ttfts, 0.99) - TTFT_MS,
      tpotErrorMs: mean(all.map((result) => result.tpotMs)) - TPOT_MS,
      cpuUsPerToken: (user + system) / events,
      lost: all.length * TOKENS - events,
      rssMb: process.memoryUsage().rss / 1e6,
    }),
  );
  await client.close();
  process.exit(0);
}

async function main() {
  const { values } = readFlags(import.meta.filename, {
    options: {
      streams: { type: 'string', default: '100,400,1000' },
      rounds: { type: 'string', default: '3' },
      repeats: { type: 'string', default: '2' },
    },
  });
  const bundles = await bundle({
    mock: 'bench/meter/mock.ts',
    'upstream-pool': 'src/tools/meter/upstream/upstream-pool.ts',
    exchange: 'src/tools/meter/upstream/exchange.ts',
    'upstream-target': 'src/tools/meter/upstream/upstream-target.ts',
  });
  const dir = bundles.file('x').slice(0, -'/x.mjs'.length);
  const rows = new Map();
  try {
    for (let repeat = 0; repeat < Number(values.repeats); repeat += 1) {
      for (const streams of values.streams.split(',')) {
        for (const variant of Object.keys(VARIANTS)) {
          const mock = await startServer([bundles.file('mock')]);
          const run = await startServer([
            process.argv[1],
            '--child',
            variant,
            mock.url,
            streams,
            values.rounds,
            dir,
          ]);
          await run.stop();
          const truth = await (await fetch(`${mock.url}/__truth`)).json();
          await mock.stop();
          const key = `${variant} ${streams}`;
          const result = { ...JSON.parse(run.url), mockLateMs: truth.firstWriteLateMs.mean };
          rows.set(key, [...(rows.get(key) ?? []), result]);
          print(key, result);
        }
      }
    }
  } finally {
    await bundles.remove();
  }
  console.log(
    `\n${machine()}\n\n| variant, streams | TTFT mean / p99 error, ms | TPOT error, ms | CPU, µs a token | RSS, MB | mock late, ms |\n|---|---|---|---|---|---|`,
  );
  for (const [key, results] of rows) {
    const at = (name, digits) => fixed(mean(results.map((result) => result[name])), digits);
    console.log(
      `| ${key} | ${at('ttftMeanErrorMs', 2)} / ${at('ttftP99ErrorMs', 1)} | ${at('tpotErrorMs', 3)} | ${at('cpuUsPerToken', 1)} | ${at('rssMb', 0)} | ${at('mockLateMs', 2)} |`,
    );
  }
}

function print(key, result) {
  console.log(
    `${key.padEnd(16)} ttft +${fixed(result.ttftMeanErrorMs, 2)} p99 +${fixed(result.ttftP99ErrorMs, 1)} tpot ${fixed(result.tpotErrorMs, 3)} cpu ${fixed(result.cpuUsPerToken, 1)} us lost ${result.lost} mock +${fixed(result.mockLateMs, 2)}`,
  );
}

const [flag, ...rest] = process.argv.slice(2);
await (flag === '--child' ? child(rest) : main());
