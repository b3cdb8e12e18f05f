import type { RunBlocks, TrendBlocks } from './blocks.ts';
import type { Measure } from './measure.ts';

/**
 * Reads a measure off a choice of a run's blocks: each block as often as `weights` says. null where the
 * chosen blocks have no value for it.
 */
export type Estimator = {
  estimate: (weights: Float64Array) => number | null;
  /** Samples behind the whole run's value: a Trend's, a Rate's trials, a Counter's increments. */
  count: number;
};

/** How to read a measure off a run; null when the run has no sample of it. */
export function estimatorOf(measure: Measure, run: RunBlocks): Estimator | null {
  const { source, part } = measure;
  switch (source.kind) {
    case 'quantile':
      return trendEstimator(run.trend(source.metric, part), (trend, weights) =>
        quantileOf(trend, weights, source.q),
      );
    case 'mean':
      return trendEstimator(run.trend(source.metric, part), meanOf);
    case 'rate':
      return rateEstimator(run, measure, source.metric);
    case 'total':
      return sumEstimator(run, measure, { metric: source.metric, divisor: 1 });
    case 'per-second':
      return sumEstimator(run, measure, { metric: source.metric, divisor: run.durationSec });
    case 'ratio':
      return ratioEstimator(run, measure, source);
    default:
      return source satisfies never;
  }
}

function trendEstimator(
  trend: TrendBlocks | null,
  read: (trend: TrendBlocks, weights: Float64Array) => number | null,
): Estimator | null {
  return trend === null ? null : { count: trend.count, estimate: (weights) => read(trend, weights) };
}

/** Interpolated between ranks, as k6 does (src/lib/numbers/quantiles.ts). */
function quantileOf({ values, blocks }: TrendBlocks, weights: Float64Array, q: number): number | null {
  const counts = new Float64Array(values.length);
  let total = 0;
  for (const [index, block] of blocks.entries()) {
    const weight = weights[index] ?? 0;
    if (weight === 0) continue;
    for (let at = 0; at < block.bins.length; at += 1) {
      const times = weight * (block.counts[at] ?? 0);
      const bin = block.bins[at] ?? 0;
      counts[bin] = (counts[bin] ?? 0) + times;
      total += times;
    }
  }
  if (total === 0) return null;
  const position = q * (total - 1);
  const lower = Math.floor(position);
  let upTo = 0;
  let below: number | null = null;
  for (let bin = 0; bin < counts.length; bin += 1) {
    upTo += counts[bin] ?? 0;
    if (below === null && upTo > lower) below = values[bin] ?? null;
    if (below !== null && upTo > Math.ceil(position))
      return below + ((values[bin] ?? below) - below) * (position - lower);
  }
  return below;
}

function meanOf({ values, blocks }: TrendBlocks, weights: Float64Array): number | null {
  let sum = 0;
  let total = 0;
  for (const [index, block] of blocks.entries()) {
    const weight = weights[index] ?? 0;
    for (let at = 0; at < block.bins.length; at += 1) {
      const times = weight * (block.counts[at] ?? 0);
      sum += times * (values[block.bins[at] ?? 0] ?? 0);
      total += times;
    }
  }
  return total === 0 ? null : sum / total;
}

function rateEstimator(run: RunBlocks, { part }: Measure, metric: string): Estimator | null {
  const tally = run.tally(metric, part);
  if (tally === null) return null;
  return {
    count: weigh(tally.trials, null),
    estimate: (weights) => over(weigh(tally.totals, weights), weigh(tally.trials, weights)),
  };
}

function sumEstimator(
  run: RunBlocks,
  { part }: Measure,
  { metric, divisor }: { metric: string; divisor: number },
): Estimator | null {
  const tally = run.tally(metric, part);
  if (tally === null) return null;
  return {
    count: weigh(tally.trials, null),
    estimate: (weights) => weigh(tally.totals, weights) / divisor,
  };
}

function ratioEstimator(
  run: RunBlocks,
  { part }: Measure,
  source: { of: string; by: string; times: number },
): Estimator | null {
  const of = run.tally(source.of, part);
  const by = run.tally(source.by, part);
  if (of === null || by === null) return null;
  return {
    count: weigh(by.trials, null),
    estimate: (weights) => {
      const ratio = over(weigh(of.totals, weights), weigh(by.totals, weights));
      return ratio === null ? null : ratio * source.times;
    },
  };
}

function weigh(sums: Float64Array, weights: Float64Array | null): number {
  let total = 0;
  for (const [index, sum] of sums.entries()) total += sum * (weights === null ? 1 : (weights[index] ?? 0));
  return total;
}

function over(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}
