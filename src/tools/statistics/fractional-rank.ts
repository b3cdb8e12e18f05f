import { betaProbability } from './gamma.ts';

/**
 * The rank of the order statistic that stays below the true quantile with a probability, as a share of `size + 1`; both
 * may be fractions (Hutson, "Calculating nonparametric confidence intervals for quantiles using fractional order
 * statistics", 1999). Whole ranks could but be chosen so that an interval is too wide.
 */
export function fractionalRank({
  size,
  q,
  probability,
}: {
  size: number;
  q: number;
  probability: number;
}): number {
  let [low, high] = [0, 1];
  for (let step = 0; step < 50; step += 1) {
    const share = (low + high) / 2;
    const isBelow = betaProbability(q, { a: (size + 1) * share, b: (size + 1) * (1 - share) });
    if (isBelow > probability) low = share;
    else high = share;
  }
  return (low + high) / 2;
}
