import { CONFIDENCE } from '../../lib/numbers/quantiles.ts';
import { neededFor } from './long-run.ts';
import { likeness, quantileBounds, quantileSeries } from './quantile-noise.ts';
import type { TrendBlocks } from './run-blocks.ts';

/** How far a run's percentile can be trusted. */
export type PercentileInterval =
  | { kind: 'bounds'; low: number; high: number }
  /** Too few samples, were they all independent. */
  | { kind: 'few'; count: number; needed: number }
  /** Neighbours so alike that all samples count as few. */
  | { kind: 'alike'; effective: number; needed: number }
  /** Too few blocks of time to tell how alike neighbours are: what the bounds would be, were they independent. */
  | { kind: 'assumed'; low: number; high: number };

/** Fewer blocks of time than this tell nothing of memory. */
const MIN_BLOCKS = 20;

/** The interval of a percentile at 95 % confidence, from how a run's samples follow each other; or why there is none. */
export function percentileInterval(trend: TrendBlocks, q: number): PercentileInterval {
  const series = quantileSeries(trend, q);
  const few = { kind: 'few', count: trend.count, needed: Math.ceil(neededFor(q, 1) - 1e-9) } as const;
  if (trend.count < neededFor(q, 1)) return few;
  if (trend.blocks.length < MIN_BLOCKS) {
    const bounds = quantileBounds(series, { inflation: 1, degrees: Infinity }, CONFIDENCE);
    return bounds === null ? few : { kind: 'assumed', ...bounds };
  }
  const alike = likeness(series, null);
  const { effective, needed } = alike.effective;
  const bounds = effective < needed ? null : quantileBounds(series, alike, CONFIDENCE);
  return bounds === null ? { kind: 'alike', effective, needed } : { kind: 'bounds', ...bounds };
}
