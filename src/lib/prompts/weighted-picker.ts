import type { Mix } from './mix.ts';
import { GOLDEN_STEP, hashUnit, type Seed } from '../numbers/random.ts';

/** Which model (or task) request i uses. */
export type MixPicker = {
  /** The index into the mix for request i = 0, 1, 2, …: the same for the same seed, whoever asks. */
  pick(requestIndex: number): number;
};

const TWO_POW_32 = 4_294_967_296;

/**
 * Picks from weights so that every run of requests, from any start, holds each entry nearly exactly as often as
 * its weight says (after n picks within about 2 + log2(n) picks, where chance would be off by √n).
 *
 * Request i takes the entry at the fraction `offset + i × golden ratio` of the cumulative weights: an additive
 * recurrence of low discrepancy, in exact 32-bit arithmetic. It shares nothing with the choice of prompts.
 *
 * @param weights non-negative, sum above 0.
 * @param stream tells pickers with the same seed apart.
 */
export function createWeightedPicker(weights: readonly number[], seed: Seed, stream: string): MixPicker {
  let sum = 0;
  for (const weight of weights) sum += weight;
  const upperBounds: number[] = [];
  let last = 0;
  let total = 0;
  for (const [index, weight] of weights.entries()) {
    if (weight > 0) last = index;
    total += weight;
    upperBounds.push(total / sum);
  }
  // Nothing to choose, as in most runs.
  if (last === 0) return { pick: () => 0 };
  const offset = Math.floor(hashUnit(seed, stream) * TWO_POW_32);
  return {
    pick(requestIndex) {
      const fraction = ((offset + Math.imul(requestIndex, GOLDEN_STEP)) >>> 0) / TWO_POW_32;
      let index = 0;
      while (index < last && fraction >= (upperBounds[index] as number)) index++;
      return index;
    },
  };
}

/** The picker of models for a mix. */
export function createMixPicker(mix: Mix, seed: Seed): MixPicker {
  return createWeightedPicker(
    mix.map(({ weight }) => weight),
    seed,
    'mix',
  );
}
