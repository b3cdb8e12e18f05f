import { describe, expect, test } from 'vitest';
import {
  coefficientOfVariation,
  gapsOf,
  ksDistance,
  ksPValue,
  mean,
} from '../../../test/support/statistics.ts';
import { ConfigError } from '../parse/config-error.ts';
import type { OpenStage } from './load.ts';
import { exponential, randomFor } from '../numbers/random.ts';
import { type DrawnArrivals, drawSchedule } from './draw-schedule.ts';

const POISSON: DrawnArrivals = { kind: 'poisson' };
const steady = (ratePerSec: number, durationMs: number): OpenStage[] => [
  { durationMs, fromPerSec: ratePerSec, toPerSec: ratePerSec },
];
const STRESS: OpenStage[] = [
  { durationMs: 20_000, fromPerSec: 1, toPerSec: 20 },
  { durationMs: 20_000, fromPerSec: 20, toPerSec: 50 },
  { durationMs: 10_000, fromPerSec: 0, toPerSec: 0 },
  { durationMs: 20_000, fromPerSec: 100, toPerSec: 0 },
];

const draw = (stages: readonly OpenStage[], arrivals: DrawnArrivals, seed: number): number[] =>
  drawSchedule(stages, { arrivals, seed });

/** How likely gaps as far from exponential with 20 ms are, if that is what they are. */
function pValueOf(times: readonly number[]): number {
  const gapsMs = gapsOf(times);
  const distance = ksDistance(gapsMs, (gapMs) => 1 - Math.exp(-gapMs / 20));
  return ksPValue(distance, gapsMs.length);
}

/** The cumulative rate by small steps. */
function slowCumulative(stages: readonly OpenStage[], untilMs: number): number {
  let count = 0;
  let startMs = 0;
  for (const { durationMs, fromPerSec, toPerSec } of stages) {
    for (let atMs = 0; atMs < durationMs && startMs + atMs < untilMs; atMs++) {
      count += (fromPerSec + ((toPerSec - fromPerSec) * (atMs + 0.5)) / durationMs) / 1000;
    }
    startMs += durationMs;
  }
  return count;
}

describe('drawSchedule', () => {
  test('Poisson at 50/s for 60 s: count, cv and shape of the gaps', () => {
    const times = draw(steady(50, 60_000), POISSON, 42);
    expect(Math.abs(times.length - 3000)).toBeLessThan(3 * Math.sqrt(3000));
    expect(Math.abs(coefficientOfVariation(gapsOf(times)) - 1)).toBeLessThan(0.1);
    expect(pValueOf(times)).toBeGreaterThan(0.01);
  });

  test('over 400 seeds, tests at 1 % and at 3 sigma reject no more than chance would', () => {
    const drawn = Array.from({ length: 400 }, (_, seed) => draw(steady(50, 20_000), POISSON, seed));
    expect(drawn.filter((times) => pValueOf(times) < 0.01).length).toBeLessThan(12);
    expect(drawn.filter((times) => Math.abs(times.length - 1000) > 3 * Math.sqrt(1000)).length).toBeLessThan(
      6,
    );
  });

  test.each([0.3, 0.5, 1, 2, 3])('gamma gaps of cv %f keep it within 10 %%, and the rate', (cv) => {
    const times = draw(steady(100, 400_000), { kind: 'gamma', cv }, 42);
    expect(Math.abs(coefficientOfVariation(gapsOf(times)) / cv - 1)).toBeLessThan(0.1);
    expect(Math.abs(times.length - 40_000)).toBeLessThan(4 * cv * Math.sqrt(40_000));
  });

  test.each([2, 42])('gamma with cv 2 at 50/s for 60 s, seed %d, within 10 %%', (seed) => {
    const times = draw(steady(50, 60_000), { kind: 'gamma', cv: 2 }, seed);
    expect(Math.abs(coefficientOfVariation(gapsOf(times)) / 2 - 1)).toBeLessThan(0.1);
  });

  test.each<DrawnArrivals>([POISSON, { kind: 'gamma', cv: 2 }, { kind: 'gamma', cv: 0.5 }])(
    '%j: no bias in the count of short loads, over 2,000 seeds',
    (arrivals) => {
      const counts = Array.from(
        { length: 2000 },
        (_, seed) => draw(steady(10, 10_000), arrivals, seed).length,
      );
      const cv = arrivals.kind === 'gamma' ? arrivals.cv : 1;
      expect(Math.abs(mean(counts) - 100)).toBeLessThan((4 * cv * Math.sqrt(100)) / Math.sqrt(2000));
    },
  );

  test('a ramping rate is followed exactly: each time is where the integrated rate reaches its draw', () => {
    const times = draw(STRESS, POISSON, 7);
    const random = randomFor(7, 'arrivals');
    let operational = 0;
    times.forEach((timeMs, index) => {
      operational += exponential(random);
      if (index % 50 === 0) expect(Math.abs(slowCumulative(STRESS, timeMs) - operational)).toBeLessThan(0.15);
    });
    expect(times.length).toBeGreaterThan(1700);
  });

  test('times ascend, stay inside, and leave a stage without rate empty', () => {
    const times = draw(STRESS, { kind: 'gamma', cv: 2 }, 1);
    for (const gapMs of gapsOf(times)) expect(gapMs).toBeGreaterThanOrEqual(0);
    expect(times[times.length - 1]).toBeLessThanOrEqual(70_000);
    expect(times.filter((timeMs) => timeMs > 40_000 && timeMs < 50_000)).toEqual([]);
  });

  test('the same seed gives the same times to the microsecond, another seed others', () => {
    expect(draw(STRESS, POISSON, 42)).toEqual(draw(STRESS, POISSON, 42));
    expect(draw(STRESS, POISSON, 42)).not.toEqual(draw(STRESS, POISSON, 43));
    expect(draw(steady(50, 60_000), POISSON, 42).slice(0, 4)).toMatchInlineSnapshot(`
      [
        65.761,
        92.904,
        93.659,
        116.465,
      ]
    `);
    expect(draw(steady(50, 60_000), { kind: 'gamma', cv: 2 }, 42).slice(0, 4)).toMatchInlineSnapshot(`
      [
        72.325,
        104.804,
        107.839,
        110.493,
      ]
    `);
  });

  test('a stage of no length, and rates from and to 0', () => {
    const stages: OpenStage[] = [
      { durationMs: 0, fromPerSec: 5, toPerSec: 100 },
      { durationMs: 10_000, fromPerSec: 0, toPerSec: 20 },
      { durationMs: 10_000, fromPerSec: 20, toPerSec: 0 },
    ];
    const times = draw(stages, POISSON, 42);
    expect(times.every((timeMs) => timeMs >= 0 && timeMs <= 20_000)).toBe(true);
    expect(Math.abs(times.length - 200)).toBeLessThan(3 * Math.sqrt(200));
  });

  test.each([
    ['too many', steady(100_000, 3_600_000), /at most 5000000/],
    ['none', steady(0, 60_000), /at least one/],
  ])('%s: refused', (_, stages, message) => {
    expect(() => draw(stages, POISSON, 1)).toThrow(ConfigError);
    expect(() => draw(stages, POISSON, 1)).toThrow(message);
  });
});
