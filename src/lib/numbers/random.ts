import { exp, ln } from './exact-math.ts';

/** A seed: any integer (`LLM_SEED`), or text. */
export type Seed = number | string;

/** A stream of pseudo-random numbers. The same seed gives the same numbers in every engine, to the bit. */
export type Random = {
  /** Uniform in [0, 1), with 53 random bits. */
  next(): number;
};

const TWO_POW_32 = 4_294_967_296;
const TWO_POW_53 = 9_007_199_254_740_992;
const WARM_UP_ROUNDS = 12;
/** 2^32 divided by the golden ratio, odd: steps of this size spread most evenly. */
export const GOLDEN_STEP = 0x9e3779b9;

/** Two words of 32 bits: the state of a hash. */
type Words = { high: number; low: number };

/**
 * A generator for draws in a row (Chris Doty-Humphrey's sfc32: 128 bits of state, passes PractRand).
 *
 * For what request i does, use `hashUnit` or `randomFor`: they depend on i alone, not on who asks first.
 */
export function createRandom(seed: Seed): Random {
  return generatorFrom(hashWords(seed, []));
}

/** A generator of its own for one place, `randomFor(seed, 'output-tokens', i)`: independent of all others. */
export function randomFor(seed: Seed, ...parts: readonly Seed[]): Random {
  return generatorFrom(hashWords(seed, parts));
}

/**
 * Uniform in [0, 1) from the seed and the parts alone, `hashUnit(seed, 'prompt', i)`. Stateless: whichever VU
 * or instance runs request i gets the same number.
 *
 * @param parts names of streams and integers from 0 up, in an order that matters.
 */
export function hashUnit(seed: Seed, ...parts: readonly Seed[]): number {
  const { high, low } = hashWords(seed, parts);
  return unitOf(high, low);
}

/**
 * Uniform in [0, 1) as a function of an index from 0 up, by seed and name, with 32 random bits: `hashUnit`'s little
 * brother for what every request asks, in an engine that takes 50 ns for each operation. The seed enters at two
 * places, so that no two streams are the same one shifted.
 */
export function createUnitStream(seed: Seed, name: string): (index: number) => number {
  const { high, low } = hashWords(seed, [name]);
  // In a constant: the engine looks a global name up for 1 µs each time.
  const { imul } = Math;
  return (index) => {
    // The finaliser of `scramble`, on an additive recurrence (Steele and others' SplitMix).
    let mixed = (imul(index, GOLDEN_STEP) + high) | 0;
    mixed = imul(mixed ^ (mixed >>> 16), 0x85ebca6b) + low;
    mixed = imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
    return ((mixed ^ (mixed >>> 16)) >>> 0) / TWO_POW_32;
  };
}

/** An integer from 0 to `count - 1` for a uniform number in [0, 1). */
export function indexOf(unit: number, count: number): number {
  return Math.min(count - 1, Math.floor(unit * count));
}

/** Normal with mean 0 and standard deviation 1 (Marsaglia's polar method). */
export function standardNormal(random: Random): number {
  for (;;) {
    const x = 2 * random.next() - 1;
    const y = 2 * random.next() - 1;
    const square = x * x + y * y;
    if (square > 0 && square < 1) return x * Math.sqrt((-2 * ln(square)) / square);
  }
}

/** Exponential with mean 1. */
export function exponential(random: Random): number {
  return -ln(1 - random.next());
}

/**
 * Gamma with scale 1, so mean `shape` (Marsaglia and Tsang, "A simple method for generating gamma variables",
 * 2000; below shape 1 with their boost by a power of a uniform number).
 *
 * @param shape above 0.
 */
export function gamma(random: Random, shape: number): number {
  if (shape < 1) {
    const boost = exp(ln(1 - random.next()) / shape);
    return gamma(random, shape + 1) * boost;
  }
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const normal = standardNormal(random);
    const root = 1 + c * normal;
    const cube = root * root * root;
    if (cube <= 0) continue;
    const unit = 1 - random.next();
    if (ln(unit) < 0.5 * normal * normal + d - d * cube + d * ln(cube)) return d * cube;
  }
}

/** Lognormal: `median` times e to a normal with standard deviation `sigma`. */
export function lognormal(random: Random, median: number, sigma: number): number {
  return median * exp(sigma * standardNormal(random));
}

function generatorFrom({ high, low }: Words): Random {
  let a = high | 0;
  let b = low | 0;
  let c = scramble(high ^ GOLDEN_STEP) | 0;
  let counter = 1;
  const next32 = (): number => {
    const result = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + result) | 0;
    return result >>> 0;
  };
  for (let round = 0; round < WARM_UP_ROUNDS; round++) next32();
  return { next: () => unitOf(next32(), next32()) };
}

function unitOf(high: number, low: number): number {
  return ((high >>> 5) * 67_108_864 + (low >>> 6)) / TWO_POW_53;
}

function hashWords(seed: Seed, parts: readonly Seed[]): Words {
  const words: Words = { high: 0x243f6a88, low: 0x85a308d3 };
  fold(words, seed);
  for (const part of parts) fold(words, part);
  const { high, low } = words;
  return { high: scramble(high ^ (low >>> 3)), low: scramble(low + Math.imul(high, 0x165667b1)) };
}

/** Takes one part into the hash. A number and its text are different parts. */
function fold(words: Words, part: Seed): void {
  if (typeof part === 'number') {
    foldWord(words, part >>> 0);
    if (part >= TWO_POW_32) foldWord(words, Math.floor(part / TWO_POW_32) ^ 0x3c6ef372);
    return;
  }
  foldWord(words, part.length ^ 0x5bd1e995);
  for (let at = 0; at < part.length; at++) foldWord(words, part.charCodeAt(at));
}

function foldWord(words: Words, word: number): void {
  const { high, low } = words;
  words.high = scramble(Math.imul(high ^ word, 0x01000193) + low);
  words.low = scramble(Math.imul(low, 0x27d4eb2f) ^ word);
}

/** The finaliser of MurmurHash3 (Austin Appleby, public domain): every input bit reaches every output bit. */
function scramble(word: number): number {
  let mixed = word ^ (word >>> 16);
  mixed = Math.imul(mixed, 0x85ebca6b);
  mixed ^= mixed >>> 13;
  mixed = Math.imul(mixed, 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
