import { expect, test } from 'vitest';
import { clockAheadOf, clockNotes, readClockAhead } from './clock-ahead.ts';

const SERVER_MS = 1_700_000_000_000;

/** A part whose clock is so far ahead asks at a moment of the server's clock, and waits so long. */
function part(label: string, aheadMs: number, { askedAtMs = 0, tookMs = 20 } = {}) {
  const atMs = SERVER_MS + askedAtMs;
  const dateMs = Math.floor((atMs + tookMs / 2) / 1000) * 1000;
  return { label, ahead: clockAheadOf(atMs + aheadMs, atMs + aheadMs + tookMs, dateMs) };
}

test.each([0, 1, 500, 980, 999])('the bounds hold the truth, asked %i ms into a second', (askedAtMs) => {
  for (const aheadMs of [-3200, -1, 0, 700, 3200]) {
    const { ahead } = part('a', aheadMs, { askedAtMs });
    expect(ahead?.lowMs).toBeLessThanOrEqual(aheadMs);
    expect(ahead?.highMs).toBeGreaterThanOrEqual(aheadMs);
  }
});

test('clocks that may be one are not told apart, whenever they asked', () => {
  for (let askedAtMs = 0; askedAtMs < 2000; askedAtMs += 50)
    expect(clockNotes([part('one', 0), part('two', 0, { askedAtMs })])).toEqual([]);
});

test('a clock that is 3.2 s ahead is told, between what bounds, and whose', () => {
  const notes = clockNotes([part('one', 0), part('two', 3200), part('three', -10)]);
  expect(notes).toHaveLength(1);
  expect(notes[0]).toMatch(/^clocks differ: two's is 2\.\d s to 4\.\d s ahead of three's/);
});

test('how far, between its bounds and those of the last', () => {
  const last = { label: 'a', ahead: { lowMs: -2000, highMs: -1000 } };
  expect(clockNotes([last, { label: 'b', ahead: { lowMs: 3000, highMs: 4000 } }])).toEqual([
    "clocks differ: b's is 4.0 s to 6.0 s ahead of a's, by the target's Date header; LLM_START_AT and the plots over time are off by as much",
  ]);
  expect(clockNotes([last, { label: 'b', ahead: { lowMs: -1000, highMs: 0 } }])).toEqual([]);
});

test('parts that do not know are left out', () => {
  expect(clockNotes([part('one', 0), { label: 'two', ahead: clockAheadOf(0, 1, null) }])).toEqual([]);
  expect(clockNotes([])).toEqual([]);
  expect([
    readClockAhead(null),
    readClockAhead({ lowMs: 1 }),
    readClockAhead({ lowMs: 1, highMs: 2 }),
  ]).toEqual([null, null, { lowMs: 1, highMs: 2 }]);
});
