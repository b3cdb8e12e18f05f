import { expect, test } from 'vitest';
import { type Ending, interruptedText, interruptionOf } from './interruption.ts';
import { readK6Data } from './k6-data.ts';
import { madeCounter } from './made-data.ts';

const TIMED: Ending = { lengthMs: 60_000, slackMs: 2000, iterations: null, maxMs: 90_000, abortsOn: [] };
const COUNTED: Ending = { ...TIMED, lengthMs: null, iterations: 10 };

/** What is said of a run that ended so. */
function ended({
  durationMs = 10_000 as number | null,
  ending = TIMED as Ending | null,
  stopped = null as string | null,
  iterations = 5,
  broken = 'rate<0.1',
  ok = false,
}) {
  const errorRate = { values: {}, thresholds: { [broken]: { ok } } };
  const k6 = readK6Data({ metrics: { iterations: madeCounter(iterations), error_rate: errorRate } });
  return interruptionOf(k6, { durationMs, stopped, ending });
}

test('by the clock, once what may be missing of its length is missing, and half a second more', () => {
  expect(ended({ durationMs: 57_499 })).toEqual({ afterMs: 57_499, plannedMs: 60_000 });
  expect(ended({ durationMs: 57_500 })).toBeNull();
});

test('by its iterations, where the plan counts them, unless it was out of time', () => {
  expect(ended({ ending: COUNTED, iterations: 9 })).toEqual({ afterMs: 10_000, plannedMs: null });
  expect(ended({ ending: COUNTED, iterations: 10 })).toBeNull();
  expect(ended({ ending: COUNTED, iterations: 9, durationMs: 90_000 })).toBeNull();
  expect(ended({ ending: { ...COUNTED, iterations: null }, iterations: 9 })).toBeNull();
});

test('by nobody, where the run ended itself, or a threshold that was to end it broke', () => {
  expect(ended({ stopped: 'the budget' })).toBeNull();
  const ending = { ...TIMED, abortsOn: ['error_rate: rate<0.1'] };
  expect(ended({ ending })).toBeNull();
  expect(ended({ ending, ok: true })).not.toBeNull();
  expect(ended({ ending, broken: 'rate<0.2' })).not.toBeNull();
});

test('nobody knows, without a plan, a length or figures of k6', () => {
  expect(ended({ ending: null })).toBeNull();
  expect(ended({ durationMs: null })).toBeNull();
  const unread = { durationMs: 10_000, stopped: null, ending: TIMED };
  expect(interruptionOf(readK6Data(null), unread)).toBeNull();
});

test.each([
  [{ afterMs: 4900, plannedMs: 48_000 }, 'INTERRUPTED after 4.9 s of 48 s'],
  [{ afterMs: 4900, plannedMs: null }, 'INTERRUPTED after 4.9 s'],
  [{ afterMs: null, plannedMs: 48_000 }, 'INTERRUPTED before its load began'],
  [null, null],
])('%j in words', (interrupted, words) => {
  expect(interruptedText({ interrupted })).toBe(words);
});
