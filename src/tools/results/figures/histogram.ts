import type { JsHistogram } from 'hdr-histogram-js';
// Of the library only what is used: loaded whole, it is a seventh of what most commands take to start.
import { decodeFromCompressedBase64, encodeIntoCompressedBase64 } from 'hdr-histogram-js/dist/encoding.js';
import { build } from 'hdr-histogram-js/dist/HistogramBuilder.js';
import { CONFIDENCE, type Interval, quantileRanks } from '../../../lib/numbers/quantiles.ts';
import type { Stats } from '../../../lib/summary/summary.ts';

/** The name of the encoding in `summary.json`: see docs/results.md. */
export const ENCODING = 'count sum min max hdr-v2-deflate-base64, values in 1/1000';

/** HDR with two digits has 128 buckets an octave; a bucket's middle is at most half a bucket off. */
export const MAX_RELATIVE_ERROR = 1 / 256;

/** Values are kept as integers of a thousandth: µs for a Trend in ms. */
const SCALE = 1000;
/** 71 minutes in µs. Larger values count in the last bucket; the largest is kept apart, exactly. */
const HIGHEST = 2 ** 32 - 1;
const DIGITS = 2;
/** All 3,000 buckets filled take some 17,000. */
const MAX_ENCODED_CHARS = 65_536;

/**
 * The distribution of one metric in bounded memory (13 kB whatever the number of samples): an HDR histogram
 * with the exact count, sum, least and largest value beside it.
 */
export class Histogram {
  count = 0;
  sum = 0;
  min = Infinity;
  max = -Infinity;
  #buckets: JsHistogram;

  constructor(buckets: JsHistogram = emptyBuckets()) {
    this.#buckets = buckets;
  }

  /** Adds a value, finite and not below zero. */
  put(value: number, count = 1): void {
    this.#buckets.recordValueWithCount(Math.min(HIGHEST, Math.round(value * SCALE)), count);
    this.count += count;
    this.sum += value * count;
    if (value < this.min) this.min = value;
    if (value > this.max) this.max = value;
  }

  /** Adds all samples of another. */
  add(other: Histogram): void {
    if (other.count === 0) return;
    this.#buckets.add(other.#buckets);
    this.count += other.count;
    this.sum += other.sum;
    this.min = Math.min(this.min, other.min);
    this.max = Math.max(this.max, other.max);
  }

  /** Filled buckets in ascending order: the middle of each, held within the least and the largest value. */
  bins(): { value: number; count: number }[] {
    const bins: { value: number; count: number }[] = [];
    if (this.count === 0) return bins;
    const last = this.#buckets.countsArrayIndex(Math.min(HIGHEST, Math.round(this.max * SCALE)));
    for (let index = 0; index <= last; index += 1) {
      const count = this.#buckets.getCountAtIndex(index);
      if (count > 0) bins.push({ value: this.#middleOf(index), count });
    }
    return bins;
  }

  #middleOf(index: number): number {
    const lowest = this.#buckets.valueFromIndex(index);
    const width = this.#buckets.sizeOfEquivalentValueRange(lowest);
    const middle = (lowest + (width - 1) / 2) / SCALE;
    return Math.min(this.max, Math.max(this.min, middle));
  }

  /** One line of text; `decodeHistogram` reads it back. */
  encode(): string {
    if (this.count === 0) return '0';
    return `${this.count} ${this.sum} ${this.min} ${this.max} ${encodeIntoCompressedBase64(this.#buckets)}`;
  }
}

/** A histogram of all samples of several. */
export function mergeHistograms(histograms: Iterable<Histogram>): Histogram {
  const merged = new Histogram();
  for (const histogram of histograms) merged.add(histogram);
  return merged;
}

/**
 * A histogram from its text.
 *
 * @throws Error when the text was not written by `encode`.
 */
export function decodeHistogram(text: string): Histogram {
  if (text === '0') return new Histogram();
  const [count, sum, min, max, encoded] = text.split(' ');
  const numbers = [count, sum, min, max].map(Number);
  const isText = encoded !== undefined && encoded.length <= MAX_ENCODED_CHARS;
  if (!isText || !numbers.every((number) => Number.isFinite(number))) {
    throw new Error(`not a histogram: "${text.slice(0, 40)}"`);
  }
  const buckets = decodeFromCompressedBase64(encoded, 32, false);
  if (!isJsHistogram(buckets)) throw new Error('not a histogram that can be read bucket by bucket');
  // Decoding sizes the buckets to what was filled; adding to a full-sized one restores the room to grow.
  const full = emptyBuckets();
  full.add(buckets);
  const histogram = new Histogram(full);
  [histogram.count = 0, histogram.sum = 0, histogram.min = 0, histogram.max = 0] = numbers;
  return histogram;
}

/** A view to ask many percentiles of: cumulative counts beside the bins. */
export type Cumulative = { values: Float64Array; upTo: Float64Array; count: number };

/** Made once, until something is added: time slices of a run that goes on are asked every second. */
export function cumulate(histogram: Histogram): Cumulative {
  const known = CUMULATED.get(histogram);
  if (known?.count === histogram.count) return known;
  const made = cumulateAnew(histogram);
  CUMULATED.set(histogram, made);
  return made;
}

const CUMULATED = new WeakMap<Histogram, Cumulative>();

function cumulateAnew(histogram: Histogram): Cumulative {
  const bins = histogram.bins();
  const upTo = new Float64Array(bins.length);
  let total = 0;
  for (const [index, bin] of bins.entries()) {
    total += bin.count;
    upTo[index] = total;
  }
  return { values: Float64Array.from(bins, ({ value }) => value), upTo, count: total };
}

/** The value at a rank from 1 to n. */
export function valueAtRank({ values, upTo }: Pick<Cumulative, 'values' | 'upTo'>, rank: number): number {
  let low = 0;
  let high = upTo.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((upTo[middle] ?? 0) < rank) low = middle + 1;
    else high = middle;
  }
  return values[low] ?? Number.NaN;
}

/** The value at a quantile, interpolated between ranks as k6 does (src/lib/numbers/quantiles.ts); null when empty. */
export function quantileOf(cumulative: Cumulative, q: number): number | null {
  if (cumulative.count === 0) return null;
  const position = q * (cumulative.count - 1);
  const below = valueAtRank(cumulative, Math.floor(position) + 1);
  const above = valueAtRank(cumulative, Math.ceil(position) + 1);
  return below + (above - below) * (position - Math.floor(position));
}

/** The interval of a quantile from its order statistics. */
export function intervalOf(cumulative: Cumulative, q: number, confidence = CONFIDENCE): Interval {
  const { low, high } = quantileRanks(cumulative.count, q, confidence);
  return {
    low: low === null ? null : valueAtRank(cumulative, low),
    high: high === null ? null : valueAtRank(cumulative, high),
  };
}

/** The figures of a summary from a histogram. */
export function statsFrom(histogram: Histogram): Stats {
  const cumulative = cumulate(histogram);
  const { count, sum, min, max } = histogram;
  const known = count > 0;
  return {
    count,
    mean: known ? sum / count : null,
    min: known ? min : null,
    p50: quantileOf(cumulative, 0.5),
    p90: quantileOf(cumulative, 0.9),
    p95: quantileOf(cumulative, 0.95),
    p99: quantileOf(cumulative, 0.99),
    max: known ? max : null,
  };
}

function emptyBuckets(): JsHistogram {
  const buckets = build({
    bitBucketSize: 32,
    lowestDiscernibleValue: 1,
    highestTrackableValue: HIGHEST,
    numberOfSignificantValueDigits: DIGITS,
    autoResize: false,
    useWebAssembly: false,
  });
  if (!isJsHistogram(buckets)) throw new Error('the histogram library gave an unexpected kind of histogram');
  return buckets;
}

function isJsHistogram(value: unknown): value is JsHistogram {
  return (
    typeof value === 'object' && value !== null && 'countsArrayIndex' in value && 'getCountAtIndex' in value
  );
}
