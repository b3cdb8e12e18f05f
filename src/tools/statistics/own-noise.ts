import { cosineVariance, frequenciesFor } from './cosine-variance.ts';

/** How far each block of time pulled a figure, and the variance of their sum, were requests independent. */
export type Pulls = { series: Float64Array; independentVariance: number };

/** What a run's own blocks of time tell of the noise of one of its figures. */
export type OwnNoise = {
  /** By how much the variance is larger than that of independent samples, with a margin where these barely suffice. */
  inflation: number;
  /** Degrees of freedom of `inflation`, which is an estimate itself. */
  degrees: number;
  /** As how many independent samples of the rarer kind the run's own count, and how many it takes. */
  effective: number;
  needed: number;
};

/** Fewer blocks of time than this tell nothing of memory. */
export const MIN_BLOCKS = 20;
/** Neighbours of independent samples are alike as much by chance. */
const BY_CHANCE = 1.25;
/** Effective samples of the rarer kind that it takes where neighbours are alike: chosen by simulation. */
const NEEDED = 100;
/** By how much a variance is raised where its samples barely suffice: those who claim too much have one too small. */
const MARGIN = 0.75;

/**
 * The figure's pulls set the width of its interval. Whether there is one depends on how alike neighbours are, told by
 * more frequencies and by `others` too, such as the ranks of all samples beside the few in a tail: a run that happens
 * to be calm has both a low percentile and little noise, and the less the choice rests on chance, the fewer such runs
 * it picks.
 *
 * @param rarer samples of the rarer kind: those above a high percentile, failures or successes.
 * @param least how many of these it takes where all are independent.
 */
export function ownNoise(
  pulls: Pulls,
  { others, rarer, least }: { others: readonly Pulls[]; rarer: number; least: number },
): OwnNoise {
  const blockCount = pulls.series.length;
  const degrees = frequenciesFor(blockCount);
  const broad = Math.round(blockCount / 5);
  const memory = Math.max(1, ...[pulls, ...others].map((one) => inflationOf(one, broad)));
  const alike = Math.max(0, 1 - BY_CHANCE / memory) ** 2;
  const effective = rarer / memory;
  const needed = least + NEEDED * alike;
  const margin = 1 + MARGIN * alike * (needed / effective) ** 2;
  return { inflation: inflationOf(pulls, degrees) * margin, degrees, effective, needed };
}

function inflationOf({ series, independentVariance }: Pulls, frequencies: number): number {
  return independentVariance > 0 ? cosineVariance(series, frequencies) / independentVariance : 1;
}
