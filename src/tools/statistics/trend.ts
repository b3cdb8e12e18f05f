import { studentQuantile } from './long-run.ts';
import { cosineVariance, frequenciesFor } from './cosine-variance.ts';

/** Whether a series rises or falls, and by how much, or why that cannot be told. */
export type SeriesTrend =
  /** `slope` by block, with its 95 % interval; `isReal`: beyond noise. */
  | { kind: 'told'; slope: number; low: number; high: number; isReal: boolean }
  | { kind: 'few'; blocks: number; needed: number }
  /** Blocks so alike that a stationary series wanders as much. */
  | { kind: 'alike'; effective: number; needed: number };

export const MIN_BLOCKS_OF_TREND = 60;
/** As so many independent blocks the series must count: chosen by simulation, so that queues do not cry wolf. */
const NEEDED = 60;
/** Independent blocks are alike as much by chance. */
const BY_CHANCE = 1.5;

/**
 * A line through a series of blocks of equal length, by least squares. Neighbours may be alike: the line's variance is
 * that of the lowest frequencies around it, which no line can have bent (as for intervals, cosine-variance.ts), with
 * Student's t.
 */
export function trendOf(series: Float64Array): SeriesTrend {
  const size = series.length;
  if (size < MIN_BLOCKS_OF_TREND) return { kind: 'few', blocks: size, needed: MIN_BLOCKS_OF_TREND };
  const centre = (size - 1) / 2;
  const spread = (size * (size * size - 1)) / 12;
  const mean = series.reduce((sum, value) => sum + value, 0) / size;
  const slope = series.reduce((sum, value, at) => sum + (at - centre) * value, 0) / spread;
  const around = series.map((value, at) => value - mean - slope * (at - centre));
  const plain = around.reduce((sum, value) => sum + value * value, 0);
  if (plain <= 1e-18 * (mean * mean + slope * slope) * size)
    return { kind: 'told', slope, low: slope, high: slope, isReal: slope !== 0 };
  const memory = cosineVariance(around, Math.round(size / 5), FIRST) / plain;
  const effective = size / Math.max(1, memory / BY_CHANCE);
  if (effective < NEEDED) return { kind: 'alike', effective, needed: NEEDED };
  const degrees = frequenciesFor(size);
  const variance = cosineVariance(around, degrees, FIRST) / size / spread;
  const half = studentQuantile(0.975, degrees) * Math.sqrt(variance);
  const [low, high] = [slope - half, slope + half];
  return { kind: 'told', slope, low, high, isReal: low > 0 || high < 0 };
}

/** The lowest of all is all but a line itself, and a line has been taken out. */
const FIRST = 2;
