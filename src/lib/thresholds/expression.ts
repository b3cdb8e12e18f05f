import { parseGoNumber } from '../parse/go-number.ts';
import { parseStatistic, type Statistic } from './statistic.ts';

/** Longer ones first, as they are looked for. */
const COMPARISONS = ['>=', '<=', '===', '==', '!=', '>', '<'] as const;
export type ComparisonSign = (typeof COMPARISONS)[number];

/** One judgement of k6: `p(95)<5000`. */
export type Expression = { statistic: Statistic; comparison: ComparisonSign; limit: number };

/** The two sides of the first comparison in a text, without the spaces around them; null when it has none. */
export function splitComparison(
  text: string,
): { left: string; comparison: ComparisonSign; right: string } | null {
  const [, left = '', sign, right = ''] = /^(.*?)(>=|<=|===|==|!=|>|<)(.*)/s.exec(text) ?? [];
  const comparison = COMPARISONS.find((each) => each === sign);
  return comparison === undefined ? null : { left: left.trim(), comparison, right: right.trim() };
}

/**
 * An expression that k6 takes, whatever the metric: the one grammar of thresholds, for those we compile and for those
 * that a summary brings back. null when k6 would refuse it; `test/k6/thresholds.test.ts` asks k6 itself.
 */
export function parseExpression(text: string): Expression | null {
  const sides = splitComparison(text);
  if (sides === null) return null;
  const statistic = parseStatistic(sides.left);
  const limit = parseGoNumber(sides.right);
  return statistic === null || limit === null ? null : { statistic, comparison: sides.comparison, limit };
}

/** Whether a value meets an expression. */
export function isMet({ comparison, limit }: Expression, value: number): boolean {
  switch (comparison) {
    case '<':
      return value < limit;
    case '<=':
      return value <= limit;
    case '>':
      return value > limit;
    case '>=':
      return value >= limit;
    case '==':
    case '===':
      return value === limit;
    case '!=':
      return value !== limit;
    default:
      return comparison satisfies never;
  }
}
