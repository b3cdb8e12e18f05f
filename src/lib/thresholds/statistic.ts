import { parseGoNumber } from '../parse/go-number.ts';

/** k6's names for what a metric is judged by, beside percentiles. */
export const NAMED_STATISTICS = ['avg', 'min', 'med', 'max', 'count', 'rate', 'value'] as const;
export type NamedStatistic = (typeof NAMED_STATISTICS)[number];

/** What one figure of a metric is: `p(95)`, `avg`, `rate`. */
export type Statistic = { kind: 'percentile'; percent: number } | { kind: NamedStatistic };

/** A statistic as k6 writes it: no space and no capital in `p(95)`; null for anything else. */
export function parseStatistic(text: string): Statistic | null {
  const inside = /^p\((.*)\)$/s.exec(text)?.[1];
  if (inside !== undefined) {
    const percent = parseGoNumber(inside);
    return percent === null ? null : { kind: 'percentile', percent };
  }
  const kind = NAMED_STATISTICS.find((name) => name === text);
  return kind === undefined ? null : { kind };
}

/** Other words for k6's own. */
const WORDS: ReadonlyMap<string, NamedStatistic> = new Map([
  ['mean', 'avg'],
  ['average', 'avg'],
  ['median', 'med'],
  ['minimum', 'min'],
  ['maximum', 'max'],
]);

/** A statistic as people write it: `p95`, `P( 95 )` and `mean` too. */
export function readStatistic(text: string): Statistic | null {
  const plain = text.replace(/\s/g, '').toLowerCase();
  const percent = /^p\(?([\d.]+)\)?$/.exec(plain)?.[1];
  const word = WORDS.get(plain) ?? plain;
  return parseStatistic(percent === undefined ? word : `p(${percent})`);
}

/** As k6 writes it. */
export function formatStatistic(statistic: Statistic): string {
  return statistic.kind === 'percentile' ? `p(${statistic.percent})` : statistic.kind;
}
