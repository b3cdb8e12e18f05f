import type { Hits } from '../statistics/exact-tests.ts';
import { type QuantileSeries, quantileSeries } from '../statistics/quantile-noise.ts';
import type { PartChoice, RunBlocks, TallyBlocks, TrendBlocks } from '../statistics/run-blocks.ts';
import type { Measure } from './measure.ts';

/** A measure as one run has it, and what its noise is told from. */
export type Reading = {
  value: number;
  /** Samples behind it: a Trend's, a Rate's trials, a Counter's increments. */
  count: number;
  noise: Noise;
};

export type Noise =
  /** `memory`: of the samples themselves, or of the whole run's where a part of it has no times. */
  | { kind: 'quantile'; series: QuantileSeries; memory: QuantileSeries; trend: TrendBlocks }
  /** `pulls`: by how much each block moved the value. A mean has its Trend beside it. */
  | { kind: 'smooth'; pulls: Float64Array; trend: TrendBlocks | null; hasTimes: boolean }
  /** `latency`: memory that a rate of slow answers shares; null for a rate that has none to share. */
  | { kind: 'rate'; rate: Hits; memory: RateBlocks; latency: QuantileSeries | null };

export type RateBlocks = { rate: Hits; blocks: TallyBlocks };

/** What of a run is read. Histograms of a part have no times: it lends its memory from the whole run. */
export type Side = { run: RunBlocks; part: PartChoice; hasTimes: boolean };

/** Reads a measure off a run; null when the run has no sample of it. */
export function readMeasure({ source }: Measure, side: Side): Reading | null {
  const { run, part } = side;
  switch (source.kind) {
    case 'quantile':
      return readQuantile(source, side);
    case 'mean':
      return readMean(run.trend(source.metric, part), side);
    case 'rate':
      return readRate(source.metric, side);
    case 'total':
      return readSum(run.tally(source.metric, part), 1, side);
    case 'per-second':
      return readSum(run.tally(source.metric, part), run.durationSec, side);
    case 'ratio': {
      const by = run.tally(source.by, part);
      const of = run.tally(source.of, part) ?? (source.isRare === true ? noneOf(by) : null);
      return readRatio([of, by], source.times, side);
    }
    default:
      return source satisfies never;
  }
}

function readQuantile({ metric, q }: { metric: string; q: number }, side: Side): Reading | null {
  const { run, part, hasTimes } = side;
  const trend = run.trend(metric, part);
  if (trend === null) return null;
  const series = quantileSeries(trend, q);
  const whole = hasTimes ? null : run.trend(metric, null);
  const memory = whole === null ? series : quantileSeries(whole, q);
  return { value: series.value, count: trend.count, noise: { kind: 'quantile', series, memory, trend } };
}

function readMean(trend: TrendBlocks | null, { hasTimes }: Side): Reading | null {
  if (trend === null) return null;
  const { values, blocks, count } = trend;
  const sums = Float64Array.from(blocks, ({ bins, counts }) =>
    bins.reduce((sum, bin, at) => sum + (counts[at] ?? 0) * (values[bin] ?? 0), 0),
  );
  const counts = Float64Array.from(blocks, ({ counts }) => sumOf(counts));
  const value = sumOf(sums) / count;
  const pulls = sums.map((sum, at) => (sum - value * (counts[at] ?? 0)) / count);
  return { value, count, noise: { kind: 'smooth', pulls, trend, hasTimes } };
}

/** Answers that are too slow come in the same queue as all others: their memory is that of latency. */
const RATES_OF_LATENCY: ReadonlySet<string> = new Set(['ai_goodput']);

function readRate(metric: string, { run, part, hasTimes }: Side): Reading | null {
  const blocks = rateBlocks(run.tally(metric, part));
  if (blocks === null) return null;
  const { rate } = blocks;
  const whole = hasTimes ? null : rateBlocks(run.tally(metric, null));
  const trend = RATES_OF_LATENCY.has(metric) ? run.trend('ai_latency_ms', hasTimes ? part : null) : null;
  const latency = trend === null ? null : quantileSeries(trend, 0.5);
  return {
    value: rate.hits / rate.trials,
    count: rate.trials,
    noise: { kind: 'rate', rate, memory: whole ?? blocks, latency },
  };
}

function rateBlocks(blocks: TallyBlocks | null): RateBlocks | null {
  if (blocks === null) return null;
  const rate = { hits: sumOf(blocks.totals), trials: sumOf(blocks.trials) };
  return rate.trials === 0 ? null : { rate, blocks };
}

function readSum(tally: TallyBlocks | null, divisor: number, { hasTimes }: Side): Reading | null {
  if (tally === null) return null;
  const total = sumOf(tally.totals);
  const share = total / tally.totals.length;
  const pulls = tally.totals.map((sum) => (sum - share) / divisor);
  const noise: Noise = { kind: 'smooth', pulls, trend: null, hasTimes };
  return { value: total / divisor, count: sumOf(tally.trials), noise };
}

/** As many blocks without anything in them. */
function noneOf(tally: TallyBlocks | null): TallyBlocks | null {
  return tally === null
    ? null
    : { ...tally, totals: tally.totals.map(() => 0), trials: tally.trials.map(() => 0) };
}

function readRatio(
  [of, by]: readonly [TallyBlocks | null, TallyBlocks | null],
  times: number,
  { hasTimes }: Side,
): Reading | null {
  if (of === null || by === null) return null;
  const whole = sumOf(by.totals);
  if (whole === 0) return null;
  const ratio = sumOf(of.totals) / whole;
  const pulls = of.totals.map((sum, at) => ((sum - ratio * (by.totals[at] ?? 0)) / whole) * times);
  const noise: Noise = { kind: 'smooth', pulls, trend: null, hasTimes };
  return { value: ratio * times, count: sumOf(by.trials), noise };
}

function sumOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0);
}
