// Starts the instant server and reads from it when what was answered.
import path from 'node:path';
import { startServer } from '../process/server.mjs';

/** Cut from both ends of a run, so that start-up and wind-down are in no rate: a fifth and a tenth of it. */
const HEAD_RATIO = 0.25;
const TAIL_RATIO = 0.1;

export async function startInstant(tokens = 64) {
  const server = await startServer([path.join(import.meta.dirname, 'instant.mjs'), String(tokens)]);
  return { ...server, plateau: () => plateauOf(server.url), counts: () => countsOf(server.url) };
}

async function countsOf(url) {
  return (await fetch(`${new URL(url).origin}/__counts`)).json();
}

/** The steady part of the load: from when to when (wall clock, ms), how many requests, how many a second. */
async function plateauOf(url) {
  const { atMs, requests } = await countsOf(url);
  const total = requests.at(-1) ?? 0;
  const begin = requests.findIndex((count) => count > 0);
  const end = requests.findIndex((count) => count === total);
  if (begin === -1 || end <= begin) throw new Error('the server saw no load');
  const from = begin + Math.ceil((end - begin) * HEAD_RATIO);
  const to = end - Math.ceil((end - begin) * TAIL_RATIO);
  const count = requests[to] - requests[from];
  return {
    fromMs: atMs[from],
    toMs: atMs[to],
    requests: count,
    ratePerSec: (count * 1000) / (atMs[to] - atMs[from]),
    total,
    firstAtMs: atMs[begin],
  };
}
