import { type Effective, effectiveOf } from '../statistics/long-run.ts';

/** Where the true difference lies, absolute and relative to the first run. */
export type DifferenceInterval = {
  low: number;
  high: number;
  relativeLow: number | null;
  relativeHigh: number | null;
};

/** Why a difference has no interval. */
export type Doubt =
  | { kind: 'missing' }
  /** Too few samples, or blocks of time, for an interval of this measure. */
  | { kind: 'few'; effective: number; needed: number }
  /** Enough of them, but neighbours are so alike that they count as few. */
  | { kind: 'alike'; effective: number; needed: number }
  /** One part of a run, of which only histograms without times are at hand. */
  | { kind: 'no-times' };

/** What two readings tell of their difference. */
export type Contrast = {
  interval: DifferenceInterval | null;
  /** null with an interval. */
  doubt: Doubt | null;
  /** Beyond noise: 1 the second is larger, -1 smaller, 0 neither; null where nothing can be told. */
  sign: 1 | -1 | 0 | null;
  /** By an exact test of single requests, which takes them for independent: there are too few to tell. */
  isExact: boolean;
};

export const NO_INTERVAL = { interval: null, sign: null, isExact: false } as const;

/** Whether samples suffice for an interval; null when they do. */
export function doubtOf({ effective, needed }: Effective, q: number, count: number): Doubt | null {
  if (effective >= needed) return null;
  return { kind: count < effectiveOf(count, q, 1).needed ? 'few' : 'alike', effective, needed };
}
