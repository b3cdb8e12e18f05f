import { describe, expect, test } from 'vitest';
import type { OpenLoad } from '../load/load.ts';
import type { PlannedPart } from './planned-parts.ts';
import { plannedLoad } from './planned-load.ts';

const load: OpenLoad = {
  kind: 'open',
  stages: [
    { durationMs: 1000, fromPerSec: 0, toPerSec: 4 },
    { durationMs: 2000, fromPerSec: 4, toPerSec: 4 },
  ],
};
const part: PlannedPart = {
  name: 'soak',
  load,
  startMs: 100,
  zeroMs: 350,
  lengthMs: 3000,
  minVus: 1,
  requestKind: null,
  schedule: null,
};

/** A schedule at these times, as if a trace had them. */
function tracedAt(times: readonly number[], lengthMs = times.at(-1) ?? 0) {
  return {
    count: times.length,
    lengthMs,
    peakConcurrency: 1,
    traced: {
      peakPerSec: 1,
      inputTokens: null,
      outputTokens: null,
      blockTokens: null,
      meanTurns: 1,
      mostTurns: 1,
      meanPauseMs: 0,
      mostPauseMs: 0,
    },
    requestAt: (index: number) => ({
      atMs: times[index] ?? Number.NaN,
      inputTokens: null,
      outputTokens: null,
      blocks: null,
      blockTokens: null,
      later: [],
    }),
  };
}

describe('plannedLoad', () => {
  test("is the part's own stages, from its time zero", () => {
    const points = [
      [350, 0],
      [1350, 4],
      [1350, 4],
      [3350, 4],
    ];
    expect(plannedLoad(part, null, 1)).toEqual({ testType: 'soak', unit: 'ratePerSec', points });
    const requests = points.map(([atMs = 0, perSec = 0]) => [atMs, 3 * perSec]);
    expect(plannedLoad(part, null, 3).points).toEqual(requests);
    const drawn = { ...tracedAt([1, 2, 3]), traced: null };
    expect(plannedLoad(part, drawn, 1).points).toEqual(points);
  });

  test("is a trace's rate by the second", () => {
    const times = [0, 100, 999, 1000, 2100, 2200, 2999];
    expect(plannedLoad(part, tracedAt(times), 1).points).toEqual([
      [350, 3],
      [1350, 3],
      [1350, 1],
      [2350, 1],
      [2350, 3],
      [3350, 3],
    ]);
  });

  test('is the mean of longer stretches in long traces, with every request in one', () => {
    const times = Array.from({ length: 6000 }, (_, index) => index * 100);
    const { points } = plannedLoad(part, tracedAt(times), 1);
    expect(points).toHaveLength(120);
    const requests = points.reduce((sum, [atMs, rate], index) => {
      const [endMs] = points[index + 1] ?? [atMs];
      return index % 2 === 0 ? sum + (rate * (endMs - atMs)) / 1000 : sum;
    }, 0);
    expect(requests).toBeCloseTo(6000, 6);
  });

  test.each([
    ['one request', [0], 1],
    ['all at once', [0, 0, 0], 3],
  ])('of %s is a second', (_, times, rate) => {
    expect(plannedLoad(part, tracedAt(times), 1).points).toEqual([
      [350, rate],
      [1350, rate],
    ]);
  });
});
