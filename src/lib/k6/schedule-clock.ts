import { sleep } from 'k6';
import exec from 'k6/execution';
import type { Clock } from './clock.ts';

/**
 * When the running k6 scenario started, on the run's own clock. `exec.scenario.startTime` is wall time, and the
 * run's clock includes setup, so the two are tied together once.
 */
export function scenarioZeroMs(clock: Clock): number {
  return clock() - (Date.now() - exec.scenario.startTime);
}

/** Waits for a request's intended start. @returns how late it is, ms; 0 when it is on time. */
export function waitUntil(intendedMs: number, clock: Clock): number {
  const aheadMs = intendedMs - clock();
  if (aheadMs > 0) sleep(aheadMs / 1000);
  return Math.max(0, clock() - intendedMs);
}
