import { type Clock, currentScenario, sleep } from '../engine/k6-api.ts';
import type { Schedule } from '../../plan/planned-parts.ts';
import { SCHEDULE_LEAD_MS } from '../../load/schedule.ts';
import { openSchedule, type SharedData, storedAt } from '../vu/shared-data.ts';

export { deliveredRatio, dueBy, scheduledBefore } from '../../load/due.ts';

/** Schedules as they are asked, by the part's name. */
export function openSchedules(stored: SharedData['schedules']): ReadonlyMap<string, Schedule> {
  return new Map([...stored].map(([name, rows]) => [name, openSchedule(rows)]));
}

/** Of each k6 scenario: its time zero as first seen, and the least that was seen since. */
const zeros = new Map<string, { firstMs: number; leastMs: number }>();

/**
 * Time zero of the running k6 scenario's schedule, on the run's own clock. k6 tells it as wall time, in whole
 * milliseconds, so each look is late by up to one, and by what lies between reading the two clocks: the least of
 * several is nearest. One that is too early by more has seen the wall clock being set.
 */
function scheduleZeroMs(clock: Clock): number {
  const { name, startTime } = currentScenario();
  const sinceStartMs = Date.now() - startTime;
  const seenMs = clock() - sinceStartMs + SCHEDULE_LEAD_MS;
  const zero = zeros.get(name);
  if (zero === undefined) {
    zeros.set(name, { firstMs: seenMs, leastMs: seenMs });
    return seenMs;
  }
  if (seenMs < zero.leastMs && seenMs > zero.firstMs - 1) zero.leastMs = seenMs;
  return zero.leastMs;
}

/** Long enough for a VU's set-up, which takes some ms; short enough that few VUs are set up at once. */
const SET_UP_MS = 40;

/**
 * Holds a VU that is about to be set up until shortly before its first request is due. All VUs of a schedule start
 * at once; without this, those due later would take the processor from those due now.
 */
export function waitForSetUp(schedules: SharedData['schedules']): void {
  if (schedules.size === 0) return;
  const { name, iterationInTest, startTime } = currentScenario();
  const stored = schedules.get(name);
  if (stored === undefined) return;
  const [atMs = 0] = storedAt(stored, iterationInTest) ?? [];
  const setUpAt = startTime + SCHEDULE_LEAD_MS + atMs - SET_UP_MS;
  sleep(Math.max(0, setUpAt - Date.now()) / 1000);
}

/** Most of a wait's end that is spent awake: k6's timers come in steps of about a millisecond. */
const AWAKE_MS = 0.8;
/** Most of the time between two requests that is spent so. */
const AWAKE_SHARE = 0.05;

/** How long before an intended start to be awake, ms. */
function awakeBeforeMs({ lengthMs, count }: Pick<Schedule, 'lengthMs' | 'count'>): number {
  return Math.min(AWAKE_MS, (AWAKE_SHARE * lengthMs) / count);
}

/**
 * Waits for a request's intended start.
 *
 * @param atMs from the schedule's time zero.
 * @returns how late it is, ms; 0 when it is on time.
 */
export function waitForTime(atMs: number, schedule: Schedule, clock: Clock): number {
  let intendedMs = scheduleZeroMs(clock) + atMs;
  const asleepMs = intendedMs - awakeBeforeMs(schedule) - clock();
  if (asleepMs > 0) sleep(asleepMs / 1000);
  while (clock() < intendedMs) {
    // Asleep for no time: other VUs get their turn.
    sleep(0);
    intendedMs = scheduleZeroMs(clock) + atMs;
  }
  return Math.max(0, clock() - intendedMs);
}
