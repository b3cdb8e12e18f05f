import type { MetricType } from '../metrics/metric-list.ts';

/** One judgement of k6: `p(95)<5000`. */
export type Expression = {
  /** `p(95)`, `rate`, … as k6 writes it. */
  aggregation: string;
  comparison: string;
  limit: number;
};

/** Why an expression cannot be, and the form that can; or the expression. */
export type Reading =
  | { kind: 'ok'; expression: Expression }
  | { kind: 'wrong'; expected: string; example: string };

const FORM =
  /^(avg|min|med|max|count|rate|value|p\(\s*(\d+(?:\.\d+)?)\s*\))\s*(<=|>=|===|==|!=|<|>)\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)$/;

/** What k6 1.1 and 2.x accept, by metric type (run: `count` on a Trend ends with 104). */
const AGGREGATIONS: Readonly<Record<MetricType, readonly string[]>> = {
  trend: ['avg', 'min', 'med', 'max', 'p(N)'],
  rate: ['rate'],
  counter: ['count', 'rate'],
  gauge: ['value'],
};

const EXAMPLES: Readonly<Record<MetricType, string>> = {
  trend: 'p(95)<5000',
  rate: 'rate<0.05',
  counter: 'count<10',
  gauge: 'value>0',
};

/** Reads an expression for a metric of a type. It never throws: what is wrong comes with the right form. */
export function readExpression(text: string, type: MetricType): Reading {
  const trimmed = text.trim();
  const match = FORM.exec(trimmed);
  if (match === null) {
    return { kind: 'wrong', expected: diagnosis(trimmed, type), example: repaired(trimmed, type) };
  }
  const [, aggregation = '', percentile, comparison = '', limitText] = match;
  const limit = Number(limitText);
  const rest = `${comparison}${limitText}`;
  const family = percentile === undefined ? aggregation : 'p(N)';
  if (!AGGREGATIONS[type].includes(family)) {
    const example = type === 'rate' || type === 'counter' ? EXAMPLES[type] : replaceAggregation(rest, type);
    return { kind: 'wrong', expected: `${legal(type)} (${family} is not known there)`, example };
  }
  if (percentile !== undefined && Number(percentile) > 100) {
    return { kind: 'wrong', expected: 'a percentile from 0 to 100', example: `p(95)${rest}` };
  }
  if (type === 'rate' && (limit < 0 || limit > 1)) {
    const isPercent = limit > 1 && limit <= 100;
    const example = isPercent ? `rate${comparison}${limit / 100}` : EXAMPLES.rate;
    return { kind: 'wrong', expected: 'a rate from 0 to 1', example };
  }
  return { kind: 'ok', expression: { aggregation, comparison, limit } };
}

function legal(type: MetricType): string {
  const article = type === 'trend' ? 'a Trend takes' : `a ${type[0]?.toUpperCase()}${type.slice(1)} takes`;
  return `${article} ${AGGREGATIONS[type].join(', ')}`;
}

/** In words what is wrong with the form. */
function diagnosis(text: string, type: MetricType): string {
  if (/^(<|>|=|!)/.test(text)) return `an aggregation before the comparison: ${legal(type)}`;
  if (/^p\s*\d/i.test(text)) return 'the percentile in brackets, p(95)';
  if (/[^<>=!]=[^=]/.test(text)) return 'a comparison (<, <=, >, >=, ==, !=)';
  if (/[\d.]\s*%$/.test(text)) return 'a ratio from 0 to 1, without %';
  if (/\d\s*(ms|s|m|h)$/.test(text)) return 'a plain number, durations in ms and without a unit';
  return `aggregation, comparison, number: ${legal(type)}`;
}

/** The nearest expression that would be right. */
function repaired(text: string, type: MetricType): string {
  const parts = /^([^<>=!]*?)\s*(<=|>=|===|==|!=|=|<|>)\s*([+-]?[\d.]+)\s*(%|ms|s|m|h)?$/.exec(text);
  if (parts === null) return EXAMPLES[type];
  const [, left = '', comparison = '', number, unit] = parts;
  const factor = { '%': 0.01, s: 1000, m: 60_000, h: 3_600_000 }[unit ?? ''] ?? 1;
  const limit = Number((Number(number) * factor).toPrecision(12));
  if (!Number.isFinite(limit)) return EXAMPLES[type];
  const rest = `${comparison === '=' ? '==' : comparison}${limit}`;
  const percentile = /^p\s*\(?\s*(\d+(?:\.\d+)?)\s*\)?$/i.exec(left)?.[1];
  if (type === 'trend' && percentile !== undefined) return `p(${percentile})${rest}`;
  const known = WORDS[left.toLowerCase()] ?? left.toLowerCase();
  const candidate = AGGREGATIONS[type].includes(known) ? `${known}${rest}` : replaceAggregation(rest, type);
  return readExpression(candidate, type).kind === 'ok' ? candidate : EXAMPLES[type];
}

/** Other words for k6's aggregations. */
const WORDS: Readonly<Record<string, string>> = {
  mean: 'avg',
  average: 'avg',
  median: 'med',
  minimum: 'min',
  maximum: 'max',
};

function replaceAggregation(rest: string, type: MetricType): string {
  return type === 'trend' ? `p(95)${rest}` : `${AGGREGATIONS[type][0] ?? ''}${rest}`;
}
