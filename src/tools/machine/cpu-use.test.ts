import { expect, test } from 'vitest';
import { machinePeakRatio } from './cpu-use.ts';

test("a machine's busiest stretch, by what was left idle in it", () => {
  // One look a second at two cores: half idle, but for a stretch in which 0.1 s of 10 s was.
  const idleMs = [1000, 1000, 1000, 20, 20, 20, 20, 20, 1000, 1000];
  let idle = 0;
  const looks = [0, ...idleMs].map((ms, index) => ({ allMs: 2000 * index, idleMs: (idle += ms) }));
  expect(machinePeakRatio(looks)).toBeCloseTo(0.99, 9);
});

test('too short a watch, and a system that counts nothing, tell nothing', () => {
  expect(
    machinePeakRatio([
      { allMs: 0, idleMs: 0 },
      { allMs: 2000, idleMs: 0 },
    ]),
  ).toBeNull();
  expect(machinePeakRatio(Array.from({ length: 9 }, () => ({ allMs: 0, idleMs: 0 })))).toBeNull();
});
