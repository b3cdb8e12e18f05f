import type { ComparisonSign } from '../../lib/thresholds/expression.ts';
import { splitComparison } from '../../lib/thresholds/expression.ts';
import { ConfigError } from '../../lib/parse/config-error.ts';
import { type Amount, parseAmount } from '../../lib/parse/go-number.ts';
import { neverFed } from '../../lib/thresholds/never-fed.ts';
import type { RunFacts } from '../../lib/thresholds/run-facts.ts';
import { type Measure, parseMeasure } from '../compare/measure.ts';

/** One condition of a service level: `p95(ai_ttft_ms)<1000`. */
export type ServiceTerm = {
  /** As it was written, without blanks. */
  text: string;
  measure: Measure;
  comparison: ComparisonSign;
  /** In the measure's own unit; ratios from 0 to 1. */
  limit: number;
  judge: TermJudge;
};

/** How samples are held against a term. */
export type TermJudge =
  /** So many samples at most may be bad: of a percentile, those beyond its limit; of a rate, its hits. */
  | { kind: 'share'; isBad: (value: number) => boolean; allowedRatio: number }
  /** Their mean is held against the limit. */
  | { kind: 'mean' };

const EXAMPLE = "--slo 'p95(ai_ttft_ms)<1000; error_rate<1%'";

/** Added where a service level says nothing of failures: a server that refuses fast would look endless. */
export const IMPLIED_TERM = 'error_rate<5%';

/**
 * Reads a service level: terms as in `--gate` and in thresholds, parted by `;`. Units: `%`, `ms`, `s`, or none.
 *
 * @throws ConfigError for a term that is none, that no metric of this run can answer, or that falls with the load.
 */
export function parseServiceLevel(text: string, facts: RunFacts): ServiceTerm[] {
  const texts = text
    .split(';')
    .map((term) => term.trim())
    .filter((term) => term !== '');
  if (texts.length === 0) throw wrong(text, 'at least one term, a measure and its limit');
  const terms = texts.map((term) => parseTerm(term, facts));
  const ofFailures = terms.some(({ measure: { source } }) => source.kind === 'rate');
  return ofFailures ? terms : [...terms, parseTerm(IMPLIED_TERM, facts)];
}

function parseTerm(text: string, facts: RunFacts): ServiceTerm {
  const sides = splitComparison(text);
  if (sides === null) throw wrong(text, 'a measure, < or >, and a limit');
  const measure = parseMeasure(asMeasure(sides.left));
  if (measure === null)
    throw wrong(text, 'p95(METRIC), mean(METRIC), error_rate or goodput, of a metric in docs/metrics.md');
  const { comparison } = sides;
  const isUpper = comparison === '<' || comparison === '<=';
  if (!isUpper && comparison !== '>' && comparison !== '>=') throw wrong(text, 'one of <, <=, > and >=');
  if (isUpper !== (measure.better === 'lower'))
    throw wrong(
      text,
      `${measure.better === 'lower' ? '<' : '>'}, because more of it is ${measure.better === 'lower' ? 'worse' : 'better'}`,
    );
  const limit = limitOf(sides.right, measure);
  if (limit === null) throw wrong(text, limitWords(measure));
  refuseUnfed(text, measure, facts);
  const judge = judgeOf(measure, comparison, limit);
  if (judge === null) {
    throw wrong(
      text,
      'a measure of single requests: sums and speeds grow with the load or the length of a run',
    );
  }
  return { text: text.replace(/\s+/g, ''), measure, comparison, limit, judge };
}

/** `ai_ttft_ms: p(95)`, as thresholds are told, is `p(95)(ai_ttft_ms)`. */
function asMeasure(left: string): string {
  const [, metric, statistic] = /^(.+?)\s*:\s*(p\([\d.]+\)|avg|med|rate)$/.exec(left) ?? [];
  if (metric === undefined || statistic === undefined) return left;
  return statistic === 'rate' ? metric : `${statistic}(${metric})`;
}

function limitOf(text: string, { unit }: Measure): number | null {
  const amount = parseAmount(text);
  if (amount === null) return null;
  const value = valueIn(amount, unit);
  return value === null || value < 0 || (unit === 'ratio' && value > 1) ? null : value;
}

function valueIn({ value, unit }: Amount, of: Measure['unit']): number | null {
  if (unit === '') return value;
  if (of === 'ratio') return unit === '%' ? value / 100 : null;
  if (of !== 'ms') return null;
  if (unit === 'ms') return value;
  return unit === 's' ? value * 1000 : null;
}

function limitWords({ unit }: Measure): string {
  if (unit === 'ratio') return 'a limit such as 1% or 0.01';
  return unit === 'ms' ? 'a limit in ms or s, such as 1000 or 1s' : 'a limit without a unit, of at least 0';
}

function judgeOf({ source, better }: Measure, comparison: ComparisonSign, limit: number): TermJudge | null {
  switch (source.kind) {
    case 'quantile': {
      const { q } = source;
      const isBad: Record<string, (value: number) => boolean> = {
        '<': (value) => value >= limit,
        '<=': (value) => value > limit,
        '>': (value) => value <= limit,
        '>=': (value) => value < limit,
      };
      return {
        kind: 'share',
        isBad: isBad[comparison] ?? (() => false),
        allowedRatio: better === 'lower' ? 1 - q : q,
      };
    }
    case 'rate':
      return better === 'lower'
        ? { kind: 'share', isBad: (value) => value !== 0, allowedRatio: limit }
        : { kind: 'share', isBad: (value) => value === 0, allowedRatio: 1 - limit };
    case 'mean':
      return { kind: 'mean' };
    case 'total':
    case 'per-second':
    case 'ratio':
      return null;
    default:
      return source satisfies never;
  }
}

/** A metric that this run cannot feed would hold for want of samples. */
function refuseUnfed(text: string, { source, part }: Measure, facts: RunFacts): void {
  if (source.kind === 'ratio') return;
  const tags = part === null ? [] : [[part.part, part.value] as const];
  const metric = { metric: source.metric, tags: new Map(tags) };
  const reason = neverFed(metric, facts);
  if (
    reason !== null &&
    !facts.stream &&
    neverFed(metric, { ...facts, stream: true, transport: 'meter' }) === null
  )
    throw new ConfigError({
      setting: '--slo',
      got: text,
      expected: `a metric that this run can feed, but ${reason.why}`,
      example: `--stream --slo '${text}'`,
    });
  if (reason !== null)
    throw wrong(text, `a metric that this run can feed, but ${reason.why}; change ${reason.change}`);
  if (part?.part === 'model' && !facts.models.includes(part.value))
    throw wrong(text, `a model of LLM_MIX: ${facts.models.join(', ')}`);
}

function wrong(got: string, expected: string): ConfigError {
  return new ConfigError({ setting: '--slo', got, expected, example: EXAMPLE });
}

/** The highest limit, ms, that a term sets to the latency of answers; null where none does. */
export function latencyLimitMs(terms: readonly ServiceTerm[]): number | null {
  const limits = terms.flatMap(({ measure: { source }, limit }) =>
    source.kind !== 'ratio' && source.metric === 'ai_latency_ms' ? [limit] : [],
  );
  return limits.length === 0 ? null : Math.max(...limits);
}
