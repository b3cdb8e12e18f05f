// Streams held: so many open at a time, a token a second each, through one command with shards that share meters.
// Bounded: each stream is one answer, and each run ends by itself, at the latest after TIMEOUT_MS.
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { runStreaming } from '../clients/k6-llm.mjs';
import { cpuBetween, peakBytes } from '../process/watch.mjs';
import { readTree, residentBytes, withArgument } from '../process/tree.mjs';
import { startServer } from '../process/server.mjs';
import { startMock } from '../servers/mock.mjs';

const root = path.join(import.meta.dirname, '../..');

const STREAMS = { full: [1000, 3000, 10_000], quick: [100, 400] };
const TIMEOUT_MS = 420_000;
const TTFT_MS = 1000;
const TPOT_MS = 1000;
/** New users that two cores bring up in a second, with room: their first requests take CPU that streams need too. */
const USERS_PER_SECOND = 120;
const LEAST_UP_SECONDS = 8;

/** @returns a row for each number of streams; `streams`: that one and a quarter of it, instead of the usual ones. */
export async function measureHeld({ mode, k6s: { k6 }, say, streams }) {
  const rows = [];
  const idleBytes = await idleMeterBytes();
  for (const count of streams === undefined ? STREAMS[mode] : [Math.ceil(streams / 4), streams]) {
    const row = await holdOnce(k6, { streams: count, idleBytes });
    say(
      `held ${row.held} of ${count} streams at a time: ${row.requests} whole, ${row.lost} lost, ${row.failed} failed; up in ${row.upSeconds.toFixed(1)} s; TTFT ${row.ttftMeanErrorMs.toFixed(2)} ms off, p99 ${row.ttftP99ErrorMs.toFixed(1)}; ${row.meters} meter processes, ${(row.meterPeakBytes / 1e6).toFixed(0)} MB, ${(row.meterBytesPerStream / 1000).toFixed(1)} kB a stream; all ${(row.peakBytes / 1e6).toFixed(0)} MB`,
    );
    rows.push(row);
  }
  return rows;
}

/** Memory of a meter that carries nothing. */
async function idleMeterBytes() {
  const mock = await startMock();
  const args = ['meter', '--port', '0', '--connections', '0', '--target', mock.url];
  const meter = await startServer([path.join(root, 'dist/cli.mjs'), ...args]);
  try {
    return residentBytes([meter.pid]);
  } finally {
    await meter.stop();
    await mock.stop();
  }
}

async function holdOnce(k6, { streams, idleBytes }) {
  const upSeconds = Math.max(LEAST_UP_SECONDS, streams / USERS_PER_SECOND);
  // The first are still at it when the last have come: each user has one answer, and all are open at a time.
  const tokens = Math.ceil(upSeconds * 1.5);
  const shards = Math.max(2, availableParallelism());
  const mock = await startMock({ ttftMs: TTFT_MS, tpotMs: TPOT_MS, tokens });
  const meters = watchMeters();
  try {
    const { watched, reported, totals } = await runStreaming({
      k6,
      url: mock.url,
      streams,
      seconds: upSeconds,
      tokens,
      args: ['--shards', String(shards), '--meters', 'auto'],
      env: { LLM_TIMEOUT: `${Math.ceil(tokens * 3)}s` },
      timeoutMs: TIMEOUT_MS,
      mayFail: true,
    });
    const truth = await mock.truth();
    const fromMs = truth.arrivedAtMs[0];
    const { processes, peakBytes: meterPeakBytes } = meters.stop();
    return {
      streams,
      tokens,
      shards,
      meters: processes,
      meterPeakBytes,
      meterBytesPerStream: (meterPeakBytes - processes * idleBytes) / truth.maxConcurrent,
      held: truth.maxConcurrent,
      requests: totals.succeeded,
      failed: totals.failed,
      lost: truth.streams - totals.succeeded,
      tokensLost: truth.tokens - totals.outputTokens,
      upSeconds: (truth.arrivedAtMs.at(-1) - fromMs) / 1000,
      ttftMeanErrorMs: reported.ttftMeanMs - truth.ttftMeanMs,
      ttftP99ErrorMs: reported.ttftP99Ms - truth.ttftP99Ms,
      tpotErrorMs: reported.tpotMeanMs - truth.tpotMeanMs,
      mockLateMs: truth.firstWriteLateMeanMs,
      cpuUsPerToken: (cpuBetween(watched.cpu, fromMs, truth.endedAtMs) * 1000) / truth.tokens,
      peakBytes: peakBytes(watched.memory),
    };
  } finally {
    meters.stop();
    await mock.stop();
  }
}

/** Looks at the meters below this process once a second: how many there are, and the most memory that they held. */
function watchMeters() {
  let most = 0;
  let processes = 0;
  const timer = setInterval(() => {
    const pids = withArgument(readTree(process.pid).pids, 'meter');
    processes = Math.max(processes, pids.length);
    most = Math.max(most, residentBytes(pids));
  }, 1000);
  return {
    stop: () => {
      clearInterval(timer);
      return { processes, peakBytes: most };
    },
  };
}
