import type { Settings } from '../settings/settings.ts';

/** `GET models`, reading prompts and all else that no time-out of ours bounds. */
const SETUP_WORK_MS = 60_000;
/** k6 Cloud takes no longer one. */
const MAX_SETUP_MS = 600_000;
/** Requests for each model: as many fields as it may refuse, and the one that then passes. */
export const TRIES_PER_MODEL = 4;
/** For the lengths of prompts. */
const LENGTH_REQUESTS = 2;

/** How long k6 lets setup take: as long as preflight may, within what is allowed. */
export function setupTimeoutMs({
  mix,
  timeoutMs,
  startAtMs,
}: Pick<Settings, 'mix' | 'timeoutMs' | 'startAtMs'>): number {
  // It waits for the others.
  if (startAtMs !== null) return MAX_SETUP_MS;
  const requests = mix.length * TRIES_PER_MODEL + LENGTH_REQUESTS;
  return Math.min(MAX_SETUP_MS, SETUP_WORK_MS + requests * timeoutMs);
}

/** When preflight is to be over, ms after setup began: what comes after it has its time, too. */
export function preflightTimeMs(settings: Pick<Settings, 'mix' | 'timeoutMs' | 'startAtMs'>): number {
  return setupTimeoutMs(settings) - SETUP_WORK_MS / 2;
}

/** Shorter than an answer takes: not worth asking. */
const SHORTEST_WAIT_MS = 1000;

/** How long one more request may take, ms, when so much time is left; null: there is none left for it. */
export function waitWithin(leftMs: number, timeoutMs: number): number | null {
  return leftMs < Math.min(SHORTEST_WAIT_MS, timeoutMs) ? null : Math.min(timeoutMs, Math.floor(leftMs));
}
