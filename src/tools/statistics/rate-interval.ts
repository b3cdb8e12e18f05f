import { CONFIDENCE, normalProbability, wilsonInterval } from '../../lib/numbers/quantiles.ts';
import { studentQuantile } from './long-run.ts';
import { MIN_BLOCKS, ownNoise } from './own-noise.ts';
import type { TallyBlocks } from './run-blocks.ts';

/** How far a run's rate can be trusted. */
export type RateInterval =
  | { kind: 'bounds'; low: number; high: number }
  /** Hits came in so few bursts that nothing is known of how often they come. */
  | { kind: 'bursts' }
  /** Too few blocks of time to tell bursts: what the bounds would be, were requests independent. */
  | { kind: 'assumed'; low: number; high: number };

/** Hits that come as evenly as a clock's show no noise at all: they count as a hundred times as many at most. */
const LEAST_INFLATION = 0.01;

/** Wilson's interval of a rate at 95 % confidence, with as many trials as the bursts leave; null without trials. */
export function rateInterval({ totals, trials }: TallyBlocks): RateInterval | null {
  const [hits, count] = [totals, trials].map((sums) => sums.reduce((sum, value) => sum + value, 0));
  if (hits === undefined || count === undefined || count === 0) return null;
  const ratio = hits / count;
  const wilson = (noise: number, degrees: number): { low: number; high: number } => {
    const inflation = Math.max(LEAST_INFLATION, noise);
    const level = 2 * normalProbability(studentQuantile((1 + CONFIDENCE) / 2, degrees)) - 1;
    const { low, high } = wilsonInterval(hits / inflation, count / inflation, level);
    return { low: low ?? 0, high: high ?? 1 };
  };
  // Nothing, or everything: no burst to be seen.
  if (ratio === 0 || ratio === 1) return { kind: 'bounds', ...wilson(1, Infinity) };
  if (totals.length < MIN_BLOCKS) return { kind: 'assumed', ...wilson(1, Infinity) };
  const series = totals.map((sum, at) => (sum - ratio * (trials[at] ?? 0)) / count);
  const pulls = { series, independentVariance: (ratio * (1 - ratio)) / count };
  const rarer = Math.min(hits, count - hits);
  const { inflation, degrees, effective, needed } = ownNoise(pulls, { others: [], rarer, least: 0 });
  return effective < needed ? { kind: 'bursts' } : { kind: 'bounds', ...wilson(inflation, degrees) };
}
