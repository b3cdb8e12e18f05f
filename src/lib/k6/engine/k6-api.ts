import { check as importedCheck, sleep as importedSleep } from 'k6';
import exec from 'k6/execution';

/*
 * k6's own functions, each in a constant: its engine makes an imported one anew each time that its name is read, which
 * takes 2 µs and leaves 775 bytes behind (docs/decisions/0080-performance.md).
 */

export const check = importedCheck;
export const sleep = importedSleep;

/** ms on k6's run clock: monotonic, finer than a microsecond, the same in every VU of an instance. */
export type Clock = () => number;

/**
 * The run clock. Made in a VU, not at init (k6 has none there), and kept: the object costs 4.7 µs to get and
 * 0.3 µs to read.
 */
export function createClock(): Clock {
  const { instance } = exec;
  return () => instance.currentTestRunDuration;
}

let scenario: typeof exec.scenario | null = null;

/**
 * The k6 scenario that this VU works for, as of now. The object is got once: it costs 14 µs and 9 kB to get, and a
 * field half a microsecond to read, which tells of the present iteration.
 */
export function currentScenario(): typeof exec.scenario {
  return (scenario ??= exec.scenario);
}
