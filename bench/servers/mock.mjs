// The exact-timing mock, and its own record of what it did.
import path from 'node:path';
import { mean, percentile } from '../report/figures.mjs';
import { startServer } from '../process/server.mjs';

const root = path.join(import.meta.dirname, '../..');

/** TTFT 200 ms, 20 ms between tokens, 64 tokens: an answer of 1.46 s. */
export const TIMING = { ttftMs: 200, tpotMs: 20, tokens: 64 };

export async function startMock({ ttftMs, tpotMs, tokens } = TIMING) {
  const server = await startServer([
    path.join(root, 'dist/cli.mjs'),
    'mock',
    '--port',
    '0',
    '--quiet',
    '--slots',
    'unlimited',
    '--ttft',
    String(ttftMs),
    '--tpot',
    String(tpotMs),
    '--output-tokens',
    String(tokens),
  ]);
  return { ...server, truth: () => truthOf(server.url) };
}

/**
 * What the mock wrote, by its own clock: TTFT from a request's arrival to the write of the first token, TPOT from
 * there to the last. Whole streams of more than one token only: peers probe the server with others.
 */
async function truthOf(url) {
  const origin = new URL(url).origin;
  const truth = await (await fetch(`${origin}/__truth?requests=1`)).json();
  const streams = truth.requestRecords.filter(
    ({ stream, end, tokensWritten }) => stream && end === 'whole' && tokensWritten > 1,
  );
  const ttftsMs = streams.map(({ firstWriteAtMs, arrivalMs }) => firstWriteAtMs - arrivalMs);
  const tpotsMs = streams.map(
    ({ lastTokenAtMs, firstWriteAtMs, tokensWritten }) =>
      (lastTokenAtMs - firstWriteAtMs) / (tokensWritten - 1),
  );
  const startedAtMs = Date.parse(truth.startedAt);
  return {
    streams: streams.length,
    tokens: streams.reduce((sum, { tokensWritten }) => sum + tokensWritten, 0),
    maxConcurrent: truth.maxConcurrent,
    ttftMeanMs: mean(ttftsMs),
    ttftP99Ms: percentile(ttftsMs, 0.99),
    tpotMeanMs: mean(tpotsMs),
    firstWriteLateMeanMs: truth.firstWriteLateMs.mean,
    endedAtMs: startedAtMs + Math.max(...streams.map(({ endMs }) => endMs)),
    arrivedAtMs: truth.arrivalsMs.map((atMs) => startedAtMs + atMs),
  };
}
