import type { Arrivals } from './arrivals.ts';
import { ConfigError } from '../parse/config-error.ts';
import type { OpenStage } from './load.ts';
import { exponential, gamma, type Random, randomFor, type Seed } from '../numbers/random.ts';

/** The spacings that are drawn from a seed; `even` is k6's own and `trace` is read from a file. */
export type DrawnArrivals = Extract<Arrivals, { kind: 'poisson' | 'gamma' }>;

/** A schedule keeps about 40 bytes an arrival for the length of the run. */
const MAX_ARRIVALS = 5_000_000;

/**
 * Draws the intended start times of an open load, in ms from its start, ascending, rounded to the microsecond.
 *
 * Gaps with mean 1 are drawn in "operational time", in which one arrival a unit is expected, and mapped to real
 * time through the inverse of the cumulative rate. This is exact for rates that ramp: exponential gaps make a
 * Poisson process with exactly the stages' rate, gamma gaps a renewal process whose gaps have the asked
 * coefficient of variation wherever the rate is steady. The first gap is drawn so that the process is stationary
 * from the start; the expected count is the integral of the rate.
 *
 * @returns never empty; the same for the same seed in every engine.
 * @throws ConfigError when more than 5 million arrivals are expected, or none falls into the load.
 */
export function drawSchedule(
  stages: readonly OpenStage[],
  { arrivals, seed }: { arrivals: DrawnArrivals; seed: Seed },
): number[] {
  const expected = stages.reduce((sum, stage) => sum + arrivalsIn(stage), 0);
  if (expected > MAX_ARRIVALS) {
    throw scheduleError(`${Math.round(expected)} arrivals`, `at most ${MAX_ARRIVALS} in a schedule`);
  }
  const random = randomFor(seed, 'arrivals');
  const times: number[] = [];
  let operational = firstGap(arrivals, random);
  let stageStartMs = 0;
  let stageStartCount = 0;
  for (const stage of stages) {
    const stageCount = arrivalsIn(stage);
    while (operational < stageStartCount + stageCount) {
      const withinMs = timeOfArrival(stage, operational - stageStartCount);
      times.push(toMicroseconds(stageStartMs + Math.min(withinMs, stage.durationMs)));
      operational += nextGap(arrivals, random);
    }
    stageStartMs += stage.durationMs;
    stageStartCount += stageCount;
  }
  if (times.length === 0) {
    throw scheduleError(`${expected} arrivals expected`, 'a rate and a length that give at least one');
  }
  return times;
}

/** Arrivals expected in a stage: its length times its mean rate. */
function arrivalsIn({ durationMs, fromPerSec, toPerSec }: OpenStage): number {
  return ((fromPerSec + toPerSec) / 2) * (durationMs / 1000);
}

/**
 * When, in ms from the stage's start, `count` arrivals are expected. The rate runs from a to b over D, so it
 * solves count = a·t + (b - a)·t²/2D, in the form that loses no digits when a and b are close.
 */
function timeOfArrival({ durationMs, fromPerSec, toPerSec }: OpenStage, count: number): number {
  const durationSec = durationMs / 1000;
  const underRoot = fromPerSec * fromPerSec + (2 * (toPerSec - fromPerSec) * count) / durationSec;
  const divisor = fromPerSec + Math.sqrt(Math.max(0, underRoot));
  return divisor === 0 ? 0 : (2000 * count) / divisor;
}

/** A gap with mean 1. */
function nextGap(arrivals: DrawnArrivals, random: Random): number {
  if (arrivals.kind === 'poisson') return exponential(random);
  const shape = 1 / (arrivals.cv * arrivals.cv);
  return gamma(random, shape) / shape;
}

/**
 * From the start to the first arrival, seen by someone who comes at a random moment: a random part of a gap
 * that is itself found in proportion to its length (for gamma gaps that is gamma with a shape greater by 1).
 */
function firstGap(arrivals: DrawnArrivals, random: Random): number {
  if (arrivals.kind === 'poisson') return exponential(random);
  const shape = 1 / (arrivals.cv * arrivals.cv);
  return (random.next() * gamma(random, shape + 1)) / shape;
}

function toMicroseconds(timeMs: number): number {
  return Math.round(timeMs * 1000) / 1000;
}

function scheduleError(got: string, expected: string): ConfigError {
  return new ConfigError({
    setting: 'LLM_ARRIVALS',
    got,
    expected,
    example: 'LLM_RATE=20 LLM_ARRIVALS=poisson',
  });
}
