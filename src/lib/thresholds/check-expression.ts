import type { MetricType } from '../metrics/metric-list.ts';
import { parseAmount } from '../parse/go-number.ts';
import { type Expression, parseExpression, splitComparison } from './expression.ts';
import { formatStatistic, type NamedStatistic, readStatistic, type Statistic } from './statistic.ts';

/** Why an expression cannot be, and the form that can; or the expression. */
export type CheckedExpression =
  | { kind: 'ok'; expression: Expression }
  | { kind: 'wrong'; expected: string; example: string };

/** What k6 1.1 and 2.x accept, by metric type (run: `count` on a Trend ends with 104). */
const STATISTICS: Readonly<Record<MetricType, readonly (NamedStatistic | 'percentile')[]>> = {
  trend: ['avg', 'min', 'med', 'max', 'percentile'],
  rate: ['rate'],
  counter: ['count', 'rate'],
  gauge: ['value'],
};

/** What is nearly always meant. */
const USUAL: Readonly<Record<MetricType, string>> = {
  trend: 'p(95)',
  rate: 'rate',
  counter: 'count',
  gauge: 'value',
};

const EXAMPLES: Readonly<Record<MetricType, string>> = {
  trend: 'p(95)<5000',
  rate: 'rate<0.05',
  counter: 'count<10',
  gauge: 'value>0',
};

/** Checks an expression for a metric of a type. It never throws: what is wrong comes with the right form. */
export function checkExpression(text: string, type: MetricType): CheckedExpression {
  const trimmed = text.trim();
  const expression = parseExpression(trimmed);
  if (expression === null || Number.isNaN(expression.limit)) {
    return { kind: 'wrong', expected: diagnosis(trimmed, type), example: repaired(trimmed, type) };
  }
  const { statistic, comparison, limit } = expression;
  const rest = `${comparison}${limit}`;
  if (!STATISTICS[type].includes(statistic.kind)) {
    const example = type === 'rate' || type === 'counter' ? EXAMPLES[type] : `${USUAL[type]}${rest}`;
    return {
      kind: 'wrong',
      expected: `${legal(type)} (${written(statistic.kind)} is not known there)`,
      example,
    };
  }
  if (statistic.kind === 'percentile' && !(statistic.percent >= 0 && statistic.percent <= 100)) {
    return { kind: 'wrong', expected: 'a percentile from 0 to 100', example: `p(95)${rest}` };
  }
  if (type === 'rate' && (limit < 0 || limit > 1)) {
    const isPercent = limit > 1 && limit <= 100;
    const example = isPercent ? `rate${comparison}${limit / 100}` : EXAMPLES.rate;
    return { kind: 'wrong', expected: 'a rate from 0 to 1', example };
  }
  return { kind: 'ok', expression };
}

function legal(type: MetricType): string {
  const name = type.replace(/^./, (letter) => letter.toUpperCase());
  return `a ${name} takes ${STATISTICS[type].map(written).join(', ')}`;
}

function written(kind: Statistic['kind']): string {
  return kind === 'percentile' ? 'p(N)' : kind;
}

/** In words what is wrong with the form. */
function diagnosis(text: string, type: MetricType): string {
  if (/^(<|>|=|!)/.test(text)) return `an aggregation before the comparison: ${legal(type)}`;
  if (/^p\s*\d/i.test(text)) return 'the percentile in brackets, p(95)';
  if (/^p\s*\(/i.test(text) && /\s|^P/.test(text.slice(0, text.indexOf(')')))) {
    return 'the percentile without spaces and in small letters, p(95)';
  }
  if (/[^<>=!]=[^=]/.test(text)) return 'a comparison (<, <=, >, >=, ==, !=)';
  if (/[\d.]\s*%$/.test(text)) return 'a ratio from 0 to 1, without %';
  if (/\d\s*(ms|s|m|h)$/.test(text)) return 'a plain number, durations in ms and without a unit';
  return `aggregation, comparison, number: ${legal(type)}`;
}

const FACTORS: ReadonlyMap<string, number> = new Map([
  ['', 1],
  ['ms', 1],
  ['%', 0.01],
  ['s', 1000],
  ['m', 60_000],
  ['h', 3_600_000],
]);

/** The nearest expression that would be right. */
function repaired(text: string, type: MetricType): string {
  const sides = splitComparison(text) ?? splitComparison(text.replace('=', '=='));
  const amount = sides === null ? null : parseAmount(sides.right);
  if (sides === null || amount === null) return EXAMPLES[type];
  const limit = Number((amount.value * (FACTORS.get(amount.unit) ?? Number.NaN)).toPrecision(12));
  if (!Number.isFinite(limit)) return EXAMPLES[type];
  const rest = `${sides.comparison}${limit}`;
  const statistic = readStatistic(sides.left);
  const isKnown = statistic !== null && STATISTICS[type].includes(statistic.kind);
  const candidate = isKnown ? `${formatStatistic(statistic)}${rest}` : `${USUAL[type]}${rest}`;
  return checkExpression(candidate, type).kind === 'ok' ? candidate : EXAMPLES[type];
}
