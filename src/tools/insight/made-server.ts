import { createRandom, exponential, standardNormal } from '../../lib/numbers/random.ts';
import type { TimedRequest } from './timed-request.ts';

/** A made-up server whose limits are known; rates in tokens a second. */
export type MadeServer = {
  seed: number;
  slots: number;
  baseMs: number;
  prefillPerSec: number;
  /** Of one stream, and of all together. */
  streamPerSec: number;
  allPerSec: number;
  inputTokens: { median: number; sigma: number };
  outputTokens: number;
  /** Share of prompts whose first half is cached. */
  cachedRatio: number;
  /** Arrivals a second, one stretch after another. */
  load: readonly { perSec: number; sec: number }[];
};

export const MADE_SERVER: MadeServer = {
  seed: 1,
  slots: 16,
  baseMs: 20,
  prefillPerSec: 8000,
  streamPerSec: 50,
  allPerSec: Infinity,
  inputTokens: { median: 400, sigma: 0.8 },
  outputTokens: 20,
  cachedRatio: 0,
  load: [
    { perSec: 3, sec: 60 },
    { perSec: 60, sec: 30 },
  ],
};

/** First come first served into its slots; 3 % of noise on each time. */
export function madeTimedRequests(server: MadeServer): TimedRequest[] {
  const random = createRandom(server.seed);
  const noisy = (ms: number): number => ms * Math.max(0.5, 1 + 0.03 * standardNormal(random));
  let freeAt: number[] = [];
  const requests: TimedRequest[] = [];
  for (const startMs of arrivals(server, () => exponential(random))) {
    const inputTokens = Math.round(
      server.inputTokens.median * Math.exp(server.inputTokens.sigma * standardNormal(random)),
    );
    const cachedInputTokens = random.next() < server.cachedRatio ? inputTokens >> 1 : 0;
    freeAt = freeAt.filter((at) => at > startMs).toSorted((a, b) => a - b);
    const begunMs = freeAt.length < server.slots ? startMs : (freeAt.at(-server.slots) ?? startMs);
    const active = 1 + freeAt.filter((at) => at > begunMs).length;
    const ownMs = noisy(server.baseMs + ((inputTokens - cachedInputTokens) / server.prefillPerSec) * 1000);
    const tpotMs = noisy(1000 * Math.max(1 / server.streamPerSec, active / server.allPerSec));
    const ttftMs = begunMs - startMs + ownMs;
    const latencyMs = ttftMs + tpotMs * (server.outputTokens - 1);
    freeAt.push(startMs + latencyMs);
    requests.push({
      startMs,
      endMs: startMs + latencyMs,
      isOk: true,
      isMeasured: true,
      isRetried: false,
      model: 'm',
      window: null,
      latencyMs,
      ttftMs,
      tpotMs,
      inputTokens,
      cachedInputTokens,
      outputTokens: server.outputTokens,
      costUsd: 0.001,
    });
  }
  return requests;
}

function arrivals({ load }: MadeServer, next: () => number): number[] {
  const times: number[] = [];
  let fromMs = 0;
  for (const { perSec, sec } of load) {
    const toMs = fromMs + sec * 1000;
    for (let at = fromMs + (next() / perSec) * 1000; at < toMs; at += (next() / perSec) * 1000)
      times.push(at);
    fromMs = toMs;
  }
  return times;
}
