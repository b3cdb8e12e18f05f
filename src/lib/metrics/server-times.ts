import { readPrometheusText } from './prometheus-text.ts';
import { isRepeatingRank, type ServerTime, TIME_SOURCES } from './gauge-sources.ts';

/** A histogram as a page has it: how many requests took at most so long, ms. The last edge is Infinity. */
export type ServerHistogram = {
  count: number;
  sumMs: number;
  /** By upper edge, ms; each holds those below it too. */
  atMost: ReadonlyMap<number, number>;
};

/** The histograms of one or more pages that are known, added up over models, engines and replicas. */
export function readServerTimes(...pages: readonly string[]): Map<ServerTime, ServerHistogram> {
  const found = new Map<ServerTime, MutableHistogram>();
  for (const page of pages) {
    for (const { name, labels, value } of readPrometheusText(page, (each) => partOf(each) !== null)) {
      const part = partOf(name);
      if (part === null || isOtherRank(labels)) continue;
      const histogram = found.get(part.time) ?? { count: 0, sumMs: 0, atMost: new Map() };
      found.set(part.time, histogram);
      if (part.kind === 'count') histogram.count += value;
      else if (part.kind === 'sum') histogram.sumMs += value * SECOND_MS;
      else addBucket(histogram, labels.get('le') ?? '', value);
    }
  }
  return found;
}

const SECOND_MS = 1000;

type MutableHistogram = { count: number; sumMs: number; atMost: Map<number, number> };

function partOf(name: string): { time: ServerTime; kind: 'bucket' | 'count' | 'sum' } | null {
  const [, base = '', kind = ''] = /^(.*)_(bucket|count|sum)$/.exec(name) ?? [];
  const time = TIME_SOURCES.get(base);
  if (time === undefined || (kind !== 'bucket' && kind !== 'count' && kind !== 'sum')) return null;
  return { time, kind };
}

/** Ranks of one engine tell of the same requests: the first stands for all. */
function isOtherRank(labels: ReadonlyMap<string, string>): boolean {
  for (const [label, rank] of labels) if (isRepeatingRank(label) && rank !== '0') return true;
  return false;
}

function addBucket(histogram: MutableHistogram, edge: string, value: number): void {
  const edgeMs = edge === '+Inf' ? Infinity : Number(edge) * SECOND_MS;
  if (Number.isNaN(edgeMs)) return;
  histogram.atMost.set(edgeMs, (histogram.atMost.get(edgeMs) ?? 0) + value);
}

/**
 * What came between two looks. A server that was started anew counts from 0: then the later look is all there is.
 *
 * @param earlier null: since the server started.
 */
export function timesBetween(earlier: ServerHistogram | null, later: ServerHistogram): ServerHistogram {
  if (earlier === null || later.count < earlier.count) return later;
  return {
    count: later.count - earlier.count,
    sumMs: Math.max(0, later.sumMs - earlier.sumMs),
    atMost: new Map(
      [...later.atMost].map(([edgeMs, n]) => [edgeMs, Math.max(0, n - (earlier.atMost.get(edgeMs) ?? 0))]),
    ),
  };
}

/** The mean, ms; null without requests. */
export function meanMs({ count, sumMs }: ServerHistogram): number | null {
  return count === 0 ? null : sumMs / count;
}

/**
 * A quantile, ms, taken to lie evenly within its bucket, as Prometheus' `histogram_quantile` does: no truer than the
 * bucket is narrow. Above the last edge it is that edge. null without requests.
 */
export function quantileMs({ atMost }: ServerHistogram, q: number): number | null {
  const edges = [...atMost].sort(([a], [b]) => a - b);
  const total = edges.at(-1)?.[1] ?? 0;
  if (total === 0) return null;
  let [lowMs, below] = [0, 0];
  for (const [edgeMs, n] of edges) {
    if (n >= q * total) {
      if (edgeMs === Infinity) return lowMs;
      return n === below ? edgeMs : lowMs + ((edgeMs - lowMs) * (q * total - below)) / (n - below);
    }
    [lowMs, below] = [edgeMs, n];
  }
  return lowMs;
}
