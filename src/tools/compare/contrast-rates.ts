import { normalProbability, wilsonInterval } from '../../lib/numbers/quantiles.ts';
import { fisherMore, type Hits } from '../statistics/exact-tests.ts';
import { caution, effectiveOf, longRun, studentQuantile } from '../statistics/long-run.ts';
import { likeness } from '../statistics/quantile-noise.ts';
import { type Contrast, type Doubt, NO_INTERVAL } from './difference.ts';
import type { Noise, RateBlocks } from './reading.ts';

type RateNoise = Extract<Noise, { kind: 'rate' }>;

/**
 * Contrasts two rates by Fisher's exact test, with Newcombe's interval ("Interval Estimation for the Difference between
 * Independent Proportions", 1998, method 10) beside it. Requests count as fewer where hits come in bursts. For the test,
 * it is the calmer run that tells whether they do: an outage that only the other one had is what is looked for, and no
 * noise. For the interval it is both.
 */
export function contrastRates(a: RateNoise, b: RateNoise, confidence: number): Contrast {
  const both = withLatency(bothMemory(a, b), [a, b]);
  const own = withLatency(ownMemory(a, b), [a, b]);
  const isCalm = !('kind' in own) && own.inflation <= ALIKE;
  const bounds = 'kind' in both ? null : intervalOf([a.rate, b.rate], both, confidence);
  const memory = isCalm ? own : both;
  if ('kind' in memory) return { ...NO_INTERVAL, doubt: memory };
  const sign = signOf([a.rate, b.rate], memory, confidence);
  const trials = Math.min(a.rate.trials, b.rate.trials);
  const isExact = memory.inflation === 1;
  if (sign === null)
    return { interval: null, doubt: { kind: 'few', effective: trials, needed: 4 }, sign, isExact };
  if ('kind' in both) return { interval: null, doubt: both, sign, isExact };
  // What only one of them had in one burst is seen, and how often it comes is not known.
  if (bounds === null || (sign !== 0 && bounds[0] * bounds[1] <= 0)) {
    const effective = effectiveOf(trials, 0.5, both.inflation);
    return { interval: null, doubt: { kind: 'alike', ...effective }, sign, isExact };
  }
  const interval = { low: bounds[0], high: bounds[1], relativeLow: null, relativeHigh: null };
  return { interval, doubt: null, sign, isExact };
}

type Pair = readonly [Hits, Hits];

function intervalOf([a, b]: Pair, { inflation, degrees }: Memory, confidence: number): [number, number] {
  const level = 2 * normalProbability(studentQuantile((1 + confidence) / 2, degrees)) - 1;
  return newcombe(shrunk(a, inflation), shrunk(b, inflation), level);
}

/** By the exact test and the interval of its own memory, which must agree; null where no outcome could be told. */
function signOf([a, b]: Pair, memory: Memory, confidence: number): Contrast['sign'] {
  const tail = 1 - normalProbability(studentQuantile((1 + confidence) / 2, memory.degrees));
  const [first, second] = [shrunk(a, memory.inflation), shrunk(b, memory.inflation)];
  if (!canReject(first, second, tail)) return null;
  const [low, high] = intervalOf([a, b], memory, confidence);
  if (low > 0 && fisherMore(first, second) <= tail) return 1;
  return high < 0 && fisherMore(second, first) <= tail ? -1 : 0;
}

/** Whether the largest possible difference would be seen at all: nothing but hits against none. */
function canReject(first: Hits, second: Hits, tail: number): boolean {
  const none = { hits: 0, trials: first.trials };
  return fisherMore(none, { hits: second.trials, trials: second.trials }) <= tail;
}

function shrunk({ hits, trials }: Hits, inflation: number): Hits {
  return { hits: hits / inflation, trials: trials / inflation };
}

function newcombe(first: Hits, second: Hits, confidence: number): [number, number] {
  const [p, q] = [first.hits / first.trials, second.hits / second.trials];
  const [a, b] = [first, second].map(({ hits, trials }) => wilsonInterval(hits, trials, confidence));
  const [lowA, highA] = [a?.low ?? 0, a?.high ?? 1];
  const [lowB, highB] = [b?.low ?? 0, b?.high ?? 1];
  return [q - p - Math.hypot(q - lowB, highA - p), q - p + Math.hypot(highB - q, p - lowA)];
}

type Memory = { inflation: number; degrees: number };

const NONE: Memory = { inflation: 1, degrees: Infinity };

/** A rate of slow answers has at least the memory of latency. */
function withLatency(memory: Memory | Doubt, [a, b]: readonly [RateNoise, RateNoise]): Memory | Doubt {
  if (a.latency === null || b.latency === null || 'kind' in memory) return memory;
  const { effective, inflation, degrees } = likeness(a.latency, b.latency);
  if (effective.inflation <= ALIKE) return memory;
  if (effective.effective < effective.needed)
    return { kind: 'alike', effective: effective.effective, needed: effective.needed };
  return inflation > memory.inflation ? { inflation, degrees } : memory;
}

/** Below it, independent requests look alike by chance. */
const ALIKE = 2;

/** Hits or misses, whichever are rarer in both together. */
function rarer(a: RateNoise, b: RateNoise): (rate: Hits) => number {
  const hits = a.rate.hits + b.rate.hits;
  return 2 * hits <= a.rate.trials + b.rate.trials ? ({ hits }) => hits : ({ hits, trials }) => trials - hits;
}

function ownMemory(a: RateNoise, b: RateNoise): Memory | Doubt {
  const rare = rarer(a, b);
  const calm = rare(a.rate) * b.rate.trials <= rare(b.rate) * a.rate.trials ? a : b;
  if (rare(calm.memory.rate) === 0) return NONE;
  return toMemory(pullsOf(calm.memory), independentVariance(calm.memory.rate));
}

function bothMemory(a: RateNoise, b: RateNoise): Memory | Doubt {
  const [ofA, ofB] = [pullsOf(a.memory), pullsOf(b.memory)];
  return toMemory(
    ofA.map((pull, at) => (ofB[at] ?? 0) - pull),
    independentVariance(a.memory.rate) + independentVariance(b.memory.rate),
  );
}

function toMemory(pulls: Float64Array, independent: number): Memory | Doubt {
  if (!(independent > 0)) return NONE;
  const { variance, inflation, degrees } = longRun(pulls);
  const blocks = effectiveOf(pulls.length, 0.5, inflation);
  const ratio = Math.max(1, variance / independent);
  // A few blocks tell nothing of bursts: their requests are taken for independent, as an exact test does.
  if (pulls.length < blocks.needed && inflation <= ALIKE) return NONE;
  if (inflation > ALIKE && blocks.effective < blocks.needed)
    return { kind: 'alike', effective: blocks.effective, needed: blocks.needed };
  return ratio <= 1 ? NONE : { inflation: ratio * caution(blocks), degrees };
}

function independentVariance({ hits, trials }: Hits): number {
  const ratio = hits / trials;
  return (ratio * (1 - ratio)) / trials;
}

function pullsOf({ rate, blocks }: RateBlocks): Float64Array {
  const ratio = rate.hits / rate.trials;
  return blocks.totals.map((hits, at) => (hits - ratio * (blocks.trials[at] ?? 0)) / rate.trials);
}
