import { expect, test } from 'vitest';
import { machinePeakRatio, type ThreadWait, ThreadWaits, watchCpu } from './cpu-use.ts';

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

test('waits for a core are counted from the first look at each thread on, and by turns', () => {
  const look = (waits: Readonly<Record<string, [number, number]>>): Map<string, ThreadWait> =>
    new Map(Object.entries(waits).map(([thread, [ms, turns]]) => [thread, { waitedNs: ms * 1e6, turns }]));
  const waits = new ThreadWaits();
  waits.add(look({ a: [1000, 10] }));
  expect(waits.meanMs()).toBeNull();
  waits.add(look({ a: [1030, 20], b: [500, 5] }));
  waits.add(look({ b: [510, 15] }));
  expect(waits.meanMs()).toBeCloseTo(2, 9);
});

test.runIf(process.platform === 'linux')('a process of this machine is seen at work', async () => {
  const watch = watchCpu(process.pid);
  let use = watch.stop();
  await expect
    .poll(() => {
      watch.look();
      use = watch.stop();
      return use.meanWaitMs;
    })
    .toBeGreaterThanOrEqual(0);
  expect(use.totalMs).toBeGreaterThan(0);
});
