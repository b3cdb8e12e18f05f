import { studentQuantile } from '../statistics/long-run.ts';
import { OpenRequests } from './open-requests.ts';
import { medianOf, type Prefill } from './prefill.ts';
import type { Stream } from './streams-of.ts';
import type { LimitAdvice } from './limit-advice.ts';
import { type LimitFigure, toldWithin, unknown } from './limit-figure.ts';

/** What a queue before the server tells of its limits. */
export type Queue = {
  /** Answers that the server begins a second while others wait: above it the queue grows. */
  requestsPerSec: LimitFigure;
  /** Answers that it works on at a time while others wait. */
  atOnce: LimitFigure;
  /** Share of streams that waited, 0 to 1; their median wait, ms. null where no queue was seen, or none can be. */
  waits: { ratio: number; medianMs: number } | null;
};

const FEWEST = 30;
/** A wait stands out from TTFT alone by so many of its spreads, by such a share of it, and by so many ms. */
const SPREADS = 4;
const OF_TTFT = 0.25;
const LEAST_MS = 5;

/** TTFT beyond what it takes at low load is the queue. */
export function queueOf(
  streams: readonly Stream[],
  { alone, seenPerSec, advice }: { alone: Prefill['alone']; seenPerSec: number; advice: LimitAdvice },
): Queue {
  if (alone === null) {
    const reason = `a queue is told from TTFT at low load, which ${advice.who} never had; ${advice.slower}`;
    return { requestsPerSec: unknown(reason), atOnce: unknown(reason), waits: null };
  }
  const served = streams.map((stream) => {
    const ownMs = Math.max(0, alone.ttftMs(stream));
    const excessMs = stream.ttftMs - ownMs;
    const waitMs = excessMs > Math.max(SPREADS * alone.spreadMs, OF_TTFT * ownMs, LEAST_MS) ? excessMs : 0;
    const begunMs = stream.startMs + waitMs;
    return { startMs: stream.startMs, waitMs, begunMs, ownMs, doneMs: stream.startMs + stream.latencyMs };
  });
  const waiting = served.filter(({ waitMs }) => waitMs > 0);
  const waits = {
    ratio: waiting.length / Math.max(1, served.length),
    medianMs: medianOf(waiting.map(({ waitMs }) => waitMs)),
  };
  if (waiting.length < FEWEST) {
    const reason = `no queue was seen up to ${Math.round(seenPerSec * 10) / 10}/s; ${advice.busier} to see where it grows`;
    return { requestsPerSec: unknown(reason), atOnce: unknown(reason), waits: null };
  }
  return {
    requestsPerSec: begunPerSec(served, waiting, advice),
    atOnce: atOnce(served, waiting, advice),
    waits,
  };
}

type Served = { startMs: number; waitMs: number; begunMs: number; ownMs: number; doneMs: number };

/** Just after a wait is over, all places are taken. */
function atOnce(served: readonly Served[], waiting: readonly Served[], { longer }: LimitAdvice): LimitFigure {
  const working = new OpenRequests(served.map(({ begunMs, doneMs }) => ({ fromMs: begunMs, toMs: doneMs })));
  const counts = waiting
    .map(({ begunMs, ownMs }) => working.at(begunMs + ownMs / 2))
    .toSorted((a, b) => a - b);
  const at = (share: number): number => counts[Math.floor(share * (counts.length - 1))] ?? 0;
  return toldWithin(
    { value: at(0.5), low: at(0.25), high: at(0.75) },
    `how many answers it works on at a time while others wait came out too differently; ${longer} above its limit`,
  );
}

const BATCHES = 10;
/** A stretch with fewer begins by chance, and ends by it. */
const BEGUN_IN_STRETCH = 10;

/** Begun a second while somebody waited, by ten batches: all stretches of waiting, one behind the other. */
function begunPerSec(
  served: readonly Served[],
  waiting: readonly Served[],
  { longer }: LimitAdvice,
): LimitFigure {
  const begun = served.map(({ begunMs }) => begunMs).toSorted((a, b) => a - b);
  const times: number[] = [];
  let lengthMs = 0;
  for (const { fromMs, toMs } of joined(waiting)) {
    const within = begun.filter((at) => at > fromMs && at <= toMs);
    if (within.length < BEGUN_IN_STRETCH) continue;
    for (const at of within) times.push(lengthMs + at - fromMs);
    lengthMs += toMs - fromMs;
  }
  const reason = `others waited for too short a time to tell how many requests a second it takes; ${longer} above its limit`;
  if (times.length < 10 * BATCHES) return unknown(reason);
  const value = (times.length / lengthMs) * 1000;
  // Between one begin and the next: independent enough in tens for a standard error of their mean.
  const size = Math.floor(times.length / BATCHES);
  const rates = Array.from({ length: BATCHES }, (_, batch) => {
    const first = times[batch * size - 1] ?? 0;
    const last = times[(batch + 1) * size - 1] ?? lengthMs;
    return last > first ? (size / (last - first)) * 1000 : value;
  });
  const mean = rates.reduce((sum, rate) => sum + rate, 0) / BATCHES;
  const variance = rates.reduce((sum, rate) => sum + (rate - mean) ** 2, 0) / (BATCHES - 1);
  const half = studentQuantile(0.975, BATCHES - 1) * Math.sqrt(variance / BATCHES);
  return toldWithin({ value, low: value - half, high: value + half }, reason);
}

/** Times in which at least one waited. */
function joined(waiting: readonly Served[]): { fromMs: number; toMs: number }[] {
  const stretches: { fromMs: number; toMs: number }[] = [];
  for (const { startMs, begunMs } of waiting.toSorted((a, b) => a.startMs - b.startMs)) {
    const last = stretches.at(-1);
    if (last !== undefined && startMs <= last.toMs) last.toMs = Math.max(last.toMs, begunMs);
    else stretches.push({ fromMs: startMs, toMs: begunMs });
  }
  return stretches;
}
