import { formatMs, formatPercent } from '../../lib/text/format.ts';
import { quantile, sortSamples } from '../../lib/numbers/quantiles.ts';
import type { RunFinding } from '../../lib/summary/summary.ts';
import { MIN_BLOCKS_OF_TREND, type SeriesTrend, trendOf } from '../statistics/trend.ts';
import type { TimedRequest } from './timed-request.ts';

export const DRIFT_QUESTION = 'Did it drift?';

/** Blocks of time of a run, and requests in each: too few make medians jump, too many hide when it was. */
const MOST_BLOCKS = 120;
const IN_BLOCK = 10;
/** Failures that tell a trend from a few bursts. */
const FEWEST_FAILURES = 30;
const HOUR_MS = 3_600_000;

/**
 * Drift over a long steady load: of latency, of errors, and of the client's own memory.
 *
 * @param memoryBytes of the load generator, once a second from the beginning of the load; null where nobody looked.
 */
export function driftFinding(
  requests: readonly TimedRequest[],
  memoryBytes: readonly number[] | null,
): RunFinding {
  const rows = [latencyRow(requests), errorRow(requests), memoryRow(memoryBytes)];
  const drifts = rows.filter(({ isReal }) => isReal).map(({ sentence }) => sentence);
  const still = rows.filter(({ isReal }) => isReal === false).map(({ name }) => name);
  const unclear = rows.filter(({ isReal }) => isReal === null).map(({ name }) => name);
  const parts = [
    ...drifts,
    ...(still.length === 0 ? [] : [`no drift of ${still.join(' and ')} beyond noise`]),
    ...(unclear.length === 0 ? [] : [`cannot tell for ${unclear.join(' and ')}`]),
  ];
  return {
    question: DRIFT_QUESTION,
    sentence: parts.join('; '),
    rows: rows.map(({ name, value, note }) => ({ name, value, note })),
  };
}

/** `isReal`: null where it cannot be told. */
type Row = { name: string; value: string; note: string; sentence: string; isReal: boolean | null };

function latencyRow(requests: readonly TimedRequest[]): Row {
  const name = 'latency';
  const answered = requests.flatMap(({ isMeasured, startMs, latencyMs }) =>
    isMeasured && latencyMs !== null ? [{ atMs: startMs, value: latencyMs }] : [],
  );
  const found = latencyTrend(answered, slowestMs(requests));
  if (found === null) return few(name, answered.length);
  const { typical } = found;
  return described(name, found.trend, {
    perHour: HOUR_MS / found.blockMs,
    show: (slope) => `${signed(slope, formatMs)} ms an hour`,
    share: (slope) => (typical > 0 ? ` (${signed(slope / typical, formatPercent)} an hour)` : ''),
  });
}

/**
 * The trend of latency's median in blocks of time, and the median of these; null for too few requests.
 *
 * @param leftOutMs of the end of the run.
 */
export function latencyTrend(
  answered: readonly { atMs: number; value: number }[],
  leftOutMs: number,
): { trend: SeriesTrend; typical: number; blockMs: number } | null {
  const blocks = cut(answered, leftOutMs);
  if (blocks === null) return null;
  const medians = filled(blocks.values, (values) => quantile(sortSamples(values), 0.5) ?? 0);
  const typical = quantile(sortSamples(medians), 0.5) ?? 0;
  return { trend: trendOf(medians), typical, blockMs: blocks.blockMs };
}

function errorRow(requests: readonly TimedRequest[]): Row {
  const name = 'errors';
  const measured = requests.filter(({ isMeasured }) => isMeasured);
  const failures = measured.filter(({ isOk }) => !isOk).length;
  if (failures === 0) return { name, value: 'none', note: 'no request failed', sentence: '', isReal: false };
  if (failures < FEWEST_FAILURES)
    return {
      name,
      value: 'cannot tell',
      note: `${failures} failures are too few for a trend`,
      sentence: '',
      isReal: null,
    };
  const blocks = cut(
    measured.map(({ startMs, isOk }) => ({ atMs: startMs, value: isOk ? 0 : 1 })),
    slowestMs(requests),
  );
  if (blocks === null) return few(name, measured.length);
  const shares = filled(
    blocks.values,
    (values) => values.reduce((sum, value) => sum + value, 0) / values.length,
  );
  return described(name, trendOf(shares), {
    perHour: HOUR_MS / blocks.blockMs,
    show: (slope) => `${signed(slope * 100, formatMs)} percentage points an hour`,
    share: () => '',
  });
}

/** What k6 takes as it starts its VUs is no drift: the first fifth is left out. */
const START_RATIO = 0.2;
const BYTES_PER_MB = 1e6;

function memoryRow(memoryBytes: readonly number[] | null): Row {
  const name = "the client's memory";
  if (memoryBytes === null || memoryBytes.length === 0)
    return {
      name,
      value: 'cannot tell',
      note: 'nobody looked: it is watched by k6-llm run, on Linux',
      sentence: '',
      isReal: null,
    };
  const steady = memoryBytes.slice(Math.floor(memoryBytes.length * START_RATIO));
  const size = Math.max(1, Math.floor(steady.length / MOST_BLOCKS));
  const blocks = Array.from({ length: Math.floor(steady.length / size) }, (_, block) => {
    const own = steady.slice(block * size, (block + 1) * size);
    return own.reduce((sum, value) => sum + value, 0) / own.length / BYTES_PER_MB;
  });
  if (blocks.length < MIN_BLOCKS_OF_TREND)
    return {
      name,
      value: 'cannot tell',
      note: `${steady.length} s are too short for a trend`,
      sentence: '',
      isReal: null,
    };
  return described(name, trendOf(Float64Array.from(blocks)), {
    perHour: HOUR_MS / (size * 1000),
    show: (slope) => `${signed(slope, formatMs)} MB an hour`,
    share: () => `, at ${Math.round(blocks.at(-1) ?? 0)} MB in the end`,
  });
}

function described(
  name: string,
  trend: SeriesTrend,
  told: { perHour: number; show: (slope: number) => string; share: (slope: number) => string },
): Row {
  switch (trend.kind) {
    case 'few':
      return few(name, trend.blocks * IN_BLOCK);
    case 'alike': {
      const note = `it wanders in stretches as long as a trend: the run holds as much as ${Math.floor(trend.effective)} independent stretches, and it takes ${trend.needed}: run longer`;
      return { name, value: 'cannot tell', note, sentence: '', isReal: null };
    }
    case 'told': {
      const [slope, low, high] = [trend.slope, trend.low, trend.high].map((value) => value * told.perHour);
      const value = `${told.show(slope ?? 0)}${told.share(slope ?? 0)}`;
      const interval = `95 % CI ${told.show(low ?? 0)} to ${told.show(high ?? 0)}`;
      return {
        name,
        value,
        note: trend.isReal ? interval : `${interval}: within noise`,
        sentence: `${name} ${(slope ?? 0) > 0 ? 'rose' : 'fell'} by ${value.replace(/^[+-]/, '').replace(/\(([+-])/, '($1')}`,
        isReal: trend.isReal,
      };
    }
    default:
      return trend satisfies never;
  }
}

function few(name: string, count: number): Row {
  const note = `${count} requests are too few: a trend takes ${MIN_BLOCKS_OF_TREND * IN_BLOCK}`;
  return { name, value: 'cannot tell', note, sentence: '', isReal: null };
}

/** Of what was issued just before the end, only the quick ones have ended. */
function slowestMs(requests: readonly TimedRequest[]): number {
  const latencies = requests.flatMap(({ latencyMs }) => latencyMs ?? []);
  return latencies.length === 0 ? 0 : (quantile(sortSamples(latencies), 0.99) ?? 0);
}

function cut(
  points: readonly { atMs: number; value: number }[],
  leftOutMs: number,
): { values: number[][]; blockMs: number } | null {
  const lastMs = points.reduce((last, { atMs }) => Math.max(last, atMs), 0) - leftOutMs;
  const firstMs = points.reduce((first, { atMs }) => Math.min(first, atMs), Infinity);
  const count = Math.min(MOST_BLOCKS, Math.floor(points.length / IN_BLOCK));
  if (count < MIN_BLOCKS_OF_TREND || lastMs <= firstMs) return null;
  const blockMs = (lastMs - firstMs) / count;
  const values: number[][] = Array.from({ length: count }, () => []);
  for (const { atMs, value } of points) values[Math.floor((atMs - firstMs) / blockMs)]?.push(value);
  return { values, blockMs };
}

/** A block without requests is as the one before it. */
function filled(blocks: readonly number[][], figure: (values: readonly number[]) => number): Float64Array {
  let last = 0;
  return Float64Array.from(blocks, (values) => (values.length === 0 ? last : (last = figure(values))));
}

function signed(value: number, format: (value: number) => string): string {
  return `${value < 0 ? '-' : '+'}${format(Math.abs(value))}`;
}
