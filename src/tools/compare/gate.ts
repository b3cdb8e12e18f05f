import { type Amount, parseAmount } from '../../lib/parse/go-number.ts';
import { formatMs, formatPercent, formatRate, formatUsd } from '../../lib/text/format.ts';
import type { DifferenceInterval } from './bootstrap.ts';
import type { Compared } from './compare-runs.ts';
import { type Measure, parseMeasure, type Unit } from './measure.ts';

/** What a pipeline asks: a measure, and by how much it may get worse. */
export type Rule = {
  /** As it was written. */
  text: string;
  measure: Measure;
  allowance: { kind: 'relative'; ratio: number } | { kind: 'absolute'; amount: number };
};

/** A rule that cannot be understood; exit code 2. */
export class RuleError extends Error {
  override name = 'RuleError';
}

const EXAMPLE = '--gate "p95(ai_ttft_ms) +10%; error_rate +1pp; cost +5%"';
const UNITS = ['', '%', 'pp', 'ms', '$', 'usd'];

/**
 * Reads rules: a measure and the change for the worse that is still allowed, `p95(ai_ttft_ms) +10%`. Several
 * are parted by `;`. Units: `%` of the first run's value, `pp` percentage points, `ms`, `$`, or none.
 *
 * @throws RuleError that names the rule and a right one.
 */
export function parseRules(texts: readonly string[]): Rule[] {
  const rules = texts
    .flatMap((text) => text.split(';'))
    .map((text) => text.trim())
    .filter((text) => text !== '')
    .map(parseRule);
  if (rules.length === 0) throw new RuleError(`--gate: got no rule; write ${EXAMPLE}`);
  return rules;
}

function parseRule(text: string): Rule {
  const sides = splitAllowance(text);
  if (sides === null) {
    throw new RuleError(
      `--gate: "${text}" has no allowance; expected a measure and a change, write ${EXAMPLE}`,
    );
  }
  const { name, sign, written, amount } = sides;
  const measure = parseMeasure(name);
  if (measure === null) {
    throw new RuleError(
      `--gate: "${name}" is no measure; expected p95(METRIC), mean(METRIC), error_rate, goodput, requests_per_sec, output_tokens_per_sec, cost, cost_per_1k_requests or a Counter, write ${EXAMPLE}`,
    );
  }
  const worse = measure.better === 'lower' ? '+' : '-';
  if (sign !== worse) {
    throw new RuleError(
      `--gate: "${text}": ${measure.name} gets worse as it ${worse === '+' ? 'grows' : 'falls'}, so its allowance is written ${worse}${written}`,
    );
  }
  return { text, measure, allowance: allowanceOf(amount) };
}

/** Parts `p95(ai_ttft_ms{model:gpt-4.1}) +10%` at the first sign that an amount follows; null when there is none. */
function splitAllowance(
  text: string,
): { name: string; sign: string; written: string; amount: Amount } | null {
  for (const { index } of text.matchAll(/[+-]/g)) {
    const written = text.slice(index + 1).trim();
    const amount = /^[+-]/.test(written) ? null : parseAmount(written);
    const name = text.slice(0, index).trim();
    if (amount === null || name === '' || !UNITS.includes(amount.unit)) continue;
    return { name, sign: text.charAt(index), written, amount };
  }
  return null;
}

function allowanceOf({ value, unit }: Amount): Rule['allowance'] {
  if (unit === '%') return { kind: 'relative', ratio: value / 100 };
  return { kind: 'absolute', amount: unit === 'pp' ? value / 100 : value };
}

export type Judgement = {
  rule: Rule;
  row: Compared | null;
  state: 'held' | 'broken' | 'impossible';
  /** One sentence with the figures. */
  sentence: string;
};

/**
 * Judges one rule: broken when the measure got worse by more than its allowance and the interval of the
 * difference leaves no doubt that it got worse at all. A measure that the second run lost is broken; one that
 * the first never had cannot be judged, nor can one that is worse than allowed where its noise is unknown.
 */
export function judgeRule(rule: Rule, row: Compared | null): Judgement {
  const { measure } = rule;
  if (row === null || row.first === null) {
    const sentence = `${measure.name}: the first run has no sample of it, so there is nothing to hold the second to`;
    return { rule, row, state: 'impossible', sentence };
  }
  if (row.second === null || row.difference === null) {
    const sentence = `${measure.name}: ${show(measure.unit, row.first)} before, and no sample now`;
    return { rule, row, state: 'broken', sentence };
  }
  const worseBy = measure.better === 'lower' ? row.difference : -row.difference;
  const allowed =
    rule.allowance.kind === 'absolute' ? rule.allowance.amount : rule.allowance.ratio * Math.abs(row.first);
  const isBeyondNoise = row.verdict === 'worse';
  const isWorse = worseBy > allowed;
  return {
    rule,
    row,
    state: !isWorse ? 'held' : isBeyondNoise ? 'broken' : row.hasTimes ? 'held' : 'impossible',
    sentence: `${measure.name}: ${describe(row)}${describeDoubt(row, { worseBy, allowed })}`,
  };
}

function describe({ measure, first, second, relative, interval, confidence }: Compared): string {
  const change = relative === null ? '' : `, ${signedPercent(relative)}`;
  const range =
    interval === null ? '' : ` (${confidenceLabel(confidence)} ${rangeText(measure.unit, interval)})`;
  return `${show(measure.unit, first)} before, ${show(measure.unit, second)} now${change}${range}`;
}

/** `95 % CI`; `98.75 % CI` where several rules share one error budget. */
export function confidenceLabel(confidence: number): string {
  return `${Number((confidence * 100).toFixed(2))} % CI`;
}

/** `+2.1 % to +9.4 %`; in the measure's own unit where the first run's value is 0. */
export function rangeText(unit: Unit, interval: DifferenceInterval): string {
  const { low, high, relativeLow, relativeHigh } = interval;
  return relativeLow === null || relativeHigh === null
    ? `${signed(unit, low)} to ${signed(unit, high)}`
    : `${signedPercent(relativeLow)} to ${signedPercent(relativeHigh)}`;
}

/** A difference with its sign and unit. */
export function signed(unit: Unit, value: number): string {
  return `${value < 0 ? '-' : '+'}${show(unit, Math.abs(value))}`;
}

const NO_TIMES =
  'more than allowed, and whether that is noise is told for one model only from single samples: keep samples.jsonl of both runs (50,000 requests at most), or judge the whole run';

function describeDoubt(row: Compared, { worseBy, allowed }: { worseBy: number; allowed: number }): string {
  if (worseBy <= allowed) return '';
  if (row.verdict === 'worse') return row.hasEnough ? '' : '; few samples for this percentile';
  if (!row.hasTimes) return `; ${NO_TIMES}`;
  return row.interval === null
    ? '; too short to tell it from noise'
    : '; more than allowed, but within noise: run longer to be sure';
}

/** `+12.3 %`, `-4 %`, `0 %`. */
export function signedPercent(ratio: number): string {
  const percent = Number((ratio * 100).toFixed(Math.abs(ratio) < 0.1 ? 2 : 1));
  return `${percent > 0 ? '+' : ''}${percent} %`;
}

/** A value with its unit. */
export function show(unit: Unit, value: number | null): string {
  if (value === null) return 'n/a';
  switch (unit) {
    case 'ms':
      return `${formatMs(value)} ms`;
    case 'usd':
      return formatUsd(value);
    case 'ratio':
      return formatPercent(value);
    case 'perSec':
      return `${formatRate(value)}/s`;
    case 'tokens/s':
      return `${formatRate(value)} tokens/s`;
    case 'count':
      return String(Math.round(value * 1e4) / 1e4);
    default:
      return unit satisfies never;
  }
}
