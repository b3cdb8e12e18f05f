import type { Stats } from './summary.ts';

/** k6's own names for the figures of a Trend. */
const K6_NAMES = {
  mean: 'avg',
  min: 'min',
  p50: 'med',
  p90: 'p(90)',
  p95: 'p(95)',
  p99: 'p(99)',
  max: 'max',
} as const satisfies Readonly<Record<Exclude<keyof Stats, 'count'>, string>>;

type K6Values = Readonly<Record<string, number | null>>;

/**
 * A distribution as k6 computed it; all null when it got no sample (k6 itself would say 0). How many there were is unknown
 * where k6 was told to leave its count out (`--summary-trend-stats`).
 */
export function statsOfValues(values: K6Values | undefined, count = countIn(values)): Stats {
  const read = (stat: keyof typeof K6_NAMES): number | null =>
    count === 0 ? null : (values?.[K6_NAMES[stat]] ?? null);
  return {
    count,
    mean: read('mean'),
    min: read('min'),
    p50: read('p50'),
    p90: read('p90'),
    p95: read('p95'),
    p99: read('p99'),
    max: read('max'),
  };
}

function countIn(values: K6Values | undefined): number | null {
  if (values === undefined) return 0;
  const isTold = Object.hasOwn(values, 'count') || Object.keys(values).length === 0;
  return isTold ? (values['count'] ?? 0) : null;
}

/** The same the other way, as `handleSummary` gets them; what is unknown is left out. */
export function valuesOfStats(stats: Stats): Record<string, number> {
  const values: Record<string, number> = { count: stats.count ?? 0 };
  for (const stat of ['mean', 'min', 'p50', 'max', 'p90', 'p95', 'p99'] as const) {
    const value = stats[stat];
    if (value !== null) values[K6_NAMES[stat]] = value;
  }
  return values;
}
