import { wilsonInterval } from '../../lib/numbers/quantiles.ts';
import { caution, effectiveOf, longRun } from './long-run.ts';
import type { TallyBlocks } from './run-blocks.ts';

/** How far a run's rate can be trusted. */
export type RateInterval =
  | { kind: 'bounds'; low: number; high: number }
  /** Hits came in so few bursts that nothing is known of how often they come. */
  | { kind: 'bursts' }
  /** Too few blocks of time to tell bursts: what the bounds would be, were requests independent. */
  | { kind: 'assumed'; low: number; high: number };

/** Fewer blocks of time than this tell nothing of bursts. */
const MIN_BLOCKS = 20;
/** Below it, independent requests look alike by chance. */
const ALIKE = 2;

/** Wilson's interval of a rate at 95 % confidence, with as many trials as the bursts leave; null without trials. */
export function rateInterval({ totals, trials }: TallyBlocks): RateInterval | null {
  const [hits, count] = [totals, trials].map((sums) => sums.reduce((sum, value) => sum + value, 0));
  if (hits === undefined || count === undefined || count === 0) return null;
  const ratio = hits / count;
  const plain = (inflation: number): { low: number; high: number } => {
    const { low, high } = wilsonInterval(hits / inflation, count / inflation);
    return { low: low ?? 0, high: high ?? 1 };
  };
  // Nothing, or everything: no burst to be seen.
  if (ratio === 0 || ratio === 1) return { kind: 'bounds', ...plain(1) };
  if (totals.length < MIN_BLOCKS) return { kind: 'assumed', ...plain(1) };
  const pulls = totals.map((sum, at) => (sum - ratio * (trials[at] ?? 0)) / count);
  const { variance, inflation } = longRun(pulls);
  const blocks = effectiveOf(totals.length, 0.5, inflation);
  const seen = Math.max(1, variance / ((ratio * (1 - ratio)) / count));
  const isBurst = inflation > ALIKE && blocks.effective < blocks.needed;
  // A burst that fits into one block has no memory of its own, and weighs all the more.
  if (isBurst || (seen > ALIKE && hits / seen < MIN_BURSTS)) return { kind: 'bursts' };
  return { kind: 'bounds', ...plain(seen * caution(blocks)) };
}

/** Fewer bursts than this, and the next run may have twice as many. */
const MIN_BURSTS = 10;
