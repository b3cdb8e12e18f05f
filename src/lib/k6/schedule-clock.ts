import { sleep } from './k6-functions.ts';
import exec from 'k6/execution';
import { type Clock, createClock } from './clock.ts';
import { openSchedule, type Schedule, type SharedData } from './shared-data.ts';

/**
 * When the running k6 scenario started, on the run's own clock. `exec.scenario.startTime` is wall time, and the
 * run's clock includes setup, so the two are tied together once.
 */
export function scenarioZeroMs(clock: Clock): number {
  return clock() - (Date.now() - exec.scenario.startTime);
}

/** Long enough for a VU's set-up, which takes some ms; short enough that few VUs are set up at once. */
const LEAD_MS = 40;

/**
 * Holds a VU that is about to be set up until shortly before its first request is due. All VUs of a schedule start
 * at once; without this, those due later would take the processor from those due now.
 */
export function waitForLead(schedules: SharedData['schedules']): void {
  if (schedules.size === 0) return;
  const { name, iterationInTest } = exec.scenario;
  const stored = schedules.get(name);
  if (stored === undefined) return;
  const clock = createClock();
  waitUntil(scenarioZeroMs(clock) + openSchedule(stored).requestAt(iterationInTest).atMs - LEAD_MS, clock);
}

/** Most of a wait's end that is spent awake: k6's timers come in steps of about a millisecond. */
const AWAKE_MS = 0.8;
/** Most of the time between two requests that is spent so. */
const AWAKE_SHARE = 0.05;

/** How long before an intended start to be awake, ms. */
export function awakeBeforeMs({ lengthMs, count }: Pick<Schedule, 'lengthMs' | 'count'>): number {
  return Math.min(AWAKE_MS, (AWAKE_SHARE * lengthMs) / count);
}

/** Waits for a request's intended start. @returns how late it is, ms; 0 when it is on time. */
export function waitUntil(intendedMs: number, clock: Clock, awakeMs = 0): number {
  const asleepMs = intendedMs - awakeMs - clock();
  if (asleepMs > 0) sleep(asleepMs / 1000);
  // Asleep for no time: other VUs get their turn.
  while (clock() < intendedMs) sleep(0);
  return Math.max(0, clock() - intendedMs);
}
