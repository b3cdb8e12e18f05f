import { contrastPairs, PAIR_MEASURES, type PairMeasure } from './pair-measure.ts';
import type { PairedContrast } from '../statistics/paired-contrast.ts';
import type { Pair } from './read-pairs.ts';

/** One measure of two providers. */
export type ProviderDifference = {
  measure: string;
  unit: PairMeasure['unit'];
  /** Names. */
  first: string;
  second: string;
  firstValue: number;
  secondValue: number;
  /** second - first; of times, the middle of what the pairs differ by, which need not be that of their medians. */
  difference: number;
  /** Against the first; null where that is 0. */
  relative: number | null;
  /** Where the true difference lies; null: nobody can tell, `reason` says why. */
  low: number | null;
  high: number | null;
  /** Whose figure is better beyond noise; null: neither's, or nobody knows. */
  better: string | null;
  /** Pairs that tell of both. */
  pairs: number;
  /** Why there is no interval; null with one. */
  reason: string | null;
};

export type PairComparison = {
  differences: readonly ProviderDifference[];
  /** Of each interval: all of them hold their truths at once in 95 of 100 such runs. */
  confidence: number;
};

/** That any of them is wrong. */
const MISTAKES = 0.05;

/** Compares every two providers in every measure that the pairs tell of. */
export function comparePairs(names: readonly string[], pairs: readonly Pair[]): PairComparison {
  const couples = names.flatMap((_, first) =>
    names.slice(first + 1).map((__, more) => ({ first, second: first + 1 + more })),
  );
  const asked = couples.flatMap((couple) => PAIR_MEASURES.map((measure) => ({ ...couple, measure })));
  // Their number is known once each was looked at: those without a figure take no share.
  const told = asked.filter(
    ({ measure, ...couple }) => contrastPairs(measure, pairs, { ...couple, confidence: 0.5 }) !== null,
  );
  const confidence = 1 - MISTAKES / Math.max(1, told.length);
  const differences = told.flatMap(({ measure, first, second }) => {
    const found = contrastPairs(measure, pairs, { first, second, confidence });
    return found === null ? [] : [differenceOf(measure, [names[first] ?? '', names[second] ?? ''], found)];
  });
  return { differences, confidence };
}

function differenceOf(
  { name, unit, better }: PairMeasure,
  [first, second]: readonly [string, string],
  found: NonNullable<ReturnType<typeof contrastPairs>>,
): ProviderDifference {
  const { contrast, pairs, difference } = found;
  const known = contrast.kind === 'bounds' ? contrast : null;
  return {
    measure: name,
    unit,
    first,
    second,
    firstValue: found.first,
    secondValue: found.second,
    difference,
    relative: found.first === 0 ? null : difference / found.first,
    low: known?.low ?? null,
    high: known?.high ?? null,
    better: betterOf(signOf(contrast), { first, second, better }),
    pairs,
    reason: contrast.kind === 'bounds' ? null : reasonOf(contrast),
  };
}

function signOf(contrast: PairedContrast): 1 | -1 | 0 {
  switch (contrast.kind) {
    case 'bounds':
      return contrast.low > 0 ? 1 : contrast.high < 0 ? -1 : 0;
    case 'few':
      return 0;
    case 'bursts':
      return contrast.sign;
    default:
      return contrast satisfies never;
  }
}

function betterOf(
  sign: 1 | -1 | 0,
  { first, second, better }: { first: string; second: string; better: PairMeasure['better'] },
): string | null {
  if (sign === 0) return null;
  return sign > 0 === (better === 'higher') ? second : first;
}

function reasonOf(contrast: Exclude<PairedContrast, { kind: 'bounds' }>): string {
  if (contrast.kind === 'bursts')
    return 'failures came close together: how often they do, and so how large the difference is, cannot be told';
  const { effective, needed } = contrast;
  return `too few pairs to tell: they count as ${Math.floor(effective)} independent ones, and it takes ${Math.ceil(needed)}`;
}
