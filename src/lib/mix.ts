import { ConfigError } from './errors.ts';
import { GOLDEN_STEP, hashUnit, type Seed } from './random.ts';

/** One model of the mix. `shareRatio` is its weight over the sum of all, 0 to 1. */
export type MixEntry = { model: string; weight: number; shareRatio: number };

/** The models to ask, in the order given; never empty, names unique, shares sum to 1. */
export type Mix = readonly MixEntry[];

/** Which model (or task) request i uses. */
export type MixPicker = {
  /** The index into the mix for request i = 0, 1, 2, …: the same for the same seed, whoever asks. */
  pick(requestIndex: number): number;
};

const TWO_POW_32 = 4_294_967_296;
/** They would break the tag selector of a threshold, `ai_latency_ms{model:NAME}`, or a line of a report. */
// oxlint-disable-next-line no-control-regex
const FORBIDDEN_IN_NAME = /[,;{}"'`\u0000-\u001f\u007f]/;

/**
 * Reads `gpt-4.1=70,claude-sonnet-4.5=20`: names with weights, of which only the proportions matter; a bare
 * name has weight 1. The last `=` splits, so a name may hold one if a weight follows.
 *
 * @throws ConfigError for an empty or doubled name, a character that metric selectors cannot hold, a weight
 *   that is not a finite number of at least 0, weights that sum to 0, a stray comma.
 */
export function parseMix(text: string, setting: string): Mix {
  const example = `${setting}=gpt-4.1=70,claude-sonnet-4.5=30`;
  const fail = (got: string, expected: string): ConfigError =>
    new ConfigError({ setting, got, expected, example });
  if (text.trim() === '') throw fail(text, 'at least one model');
  const seen = new Set<string>();
  const weighted = text.split(',').map((item) => {
    const entry = parseEntry(item, fail);
    if (seen.has(entry.model)) throw fail(item, `each model once, but ${entry.model} comes twice`);
    seen.add(entry.model);
    return entry;
  });
  const sum = weighted.reduce((total, { weight }) => total + weight, 0);
  if (!(sum > 0) || !Number.isFinite(sum)) throw fail(text, 'weights with a sum above 0');
  return weighted.map((entry) => ({ ...entry, shareRatio: entry.weight / sum }));
}

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
  const indexAt = createBoundSearch(weights);
  const offset = Math.floor(hashUnit(seed, stream) * TWO_POW_32);
  return {
    pick(requestIndex) {
      const fraction = ((offset + Math.imul(requestIndex, GOLDEN_STEP)) >>> 0) / TWO_POW_32;
      return indexAt(fraction);
    },
  };
}

/**
 * Which entry a fraction in [0, 1) falls to when each takes up its share of that range. For each n-th of the range it
 * is known where to begin (Chen and Asau's indexed search), so one or two comparisons are enough on average.
 *
 * @param weights non-negative, sum above 0.
 */
export function createBoundSearch(weights: readonly number[]): (fraction: number) => number {
  const sum = weights.reduce((total, weight) => total + weight, 0);
  let total = 0;
  const upperBounds = weights.map((weight) => (total += weight) / sum);
  const last = weights.reduce((found, weight, index) => (weight > 0 ? index : found), 0);
  const count = weights.length;
  const starts = weights.map((_, part) =>
    Math.min(
      last,
      upperBounds.findIndex((bound) => bound > part / count),
    ),
  );
  return (fraction) => {
    let index = starts[(fraction * count) | 0] ?? 0;
    while (index < last && fraction >= (upperBounds[index] as number)) index++;
    return index;
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

function parseEntry(item: string, fail: (got: string, expected: string) => ConfigError) {
  const splitAt = item.lastIndexOf('=');
  const model = (splitAt === -1 ? item : item.slice(0, splitAt)).trim();
  const weightText = splitAt === -1 ? '1' : item.slice(splitAt + 1).trim();
  if (model === '') throw fail(item, 'a model name before each weight, and no comma too many');
  if (FORBIDDEN_IN_NAME.test(model)) {
    throw fail(item, 'model names without quotes, braces, commas, semicolons and control characters');
  }
  const weight = /^(\d+(\.\d*)?|\.\d+)$/.test(weightText) ? Number(weightText) : NaN;
  if (!Number.isFinite(weight)) throw fail(item, `a weight of at least 0 for ${model}, such as 70 or 0.5`);
  return { model, weight };
}
