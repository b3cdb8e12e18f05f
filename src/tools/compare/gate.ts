import { type Amount, parseAmount } from '../../lib/parse/go-number.ts';
import { formatMs, formatPercent, formatRate, formatUsd } from '../../lib/text/format.ts';
import type { DifferenceInterval, Doubt } from './difference.ts';
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
 * are parted by `;`, and an empty text is none: a comparison without rules. Units: `%` of the first run's value, `pp`
 * percentage points, `ms`, `$`, or none.
 *
 * @throws RuleError that names the rule and a right one.
 */
export function parseRules(texts: readonly string[]): Rule[] {
  return texts
    .flatMap((text) => text.split(';'))
    .map((text) => text.trim())
    .filter((text) => text !== '')
    .map(parseRule);
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
  /** `undecided`: the runs cannot tell, which is not a pass. */
  state: 'held' | 'broken' | 'undecided';
  /** One sentence with the figures. */
  sentence: string;
};

/**
 * Judges one rule. The allowance is held against the figures as they came out, and noise against no change at all:
 * broken when the measure got worse by more than its allowance and beyond noise; held when it did not, or when what is
 * more than allowed lies within a noise that would have shown twice the value. A measure that the second run lost is
 * broken. Anything else is undecided: no sample in the first run, noise that cannot be told, or noise that hides all.
 */
export function judgeRule(rule: Rule, row: Compared | null): Judgement {
  const { measure } = rule;
  if (row === null || row.first === null) {
    const sentence = `${measure.name}: the first run has no sample of it, so there is nothing to hold the second to`;
    return { rule, row, state: 'undecided', sentence };
  }
  if (row.second === null || row.difference === null) {
    const sentence = `${measure.name}: ${show(measure.unit, row.first)} before, and no sample now`;
    return { rule, row, state: 'broken', sentence };
  }
  const change: Change = {
    worseBy: measure.better === 'lower' ? row.difference : -row.difference,
    allowed:
      rule.allowance.kind === 'absolute' ? rule.allowance.amount : rule.allowance.ratio * Math.abs(row.first),
    first: Math.abs(row.first),
  };
  const state = stateOf(row, change);
  const sentence = `${measure.name}: ${describe(row)}${describeDoubt(row, { change, state })}`;
  return { rule, row, state, sentence };
}

type Change = { worseBy: number; allowed: number; first: number };

function stateOf(row: Compared, change: Change): Judgement['state'] {
  const isWithin = change.worseBy <= change.allowed;
  if (!isWithin && row.verdict === 'worse') return 'broken';
  if (row.verdict === 'unknown') return 'undecided';
  if (row.interval === null) return isWithin ? 'held' : 'undecided';
  // A rate's exact test sees what there is to see; its interval matters only for what is more than allowed.
  if (isWithin && row.measure.unit === 'ratio') return 'held';
  return isBlind(row, change) ? 'undecided' : 'held';
}

/** Whether noise would hide a doubling (where more is better: a halving; of a rate: 10 points). */
function isBlind({ measure, interval, difference }: Compared, { allowed, first }: Change): boolean {
  if (interval === null || difference === null) return true;
  const reach = measure.better === 'lower' ? difference - interval.low : interval.high - difference;
  const plain = measure.unit === 'ratio' ? 0.1 : measure.better === 'lower' ? first : first / 2;
  return reach > Math.max(allowed, plain);
}

function describe(row: Compared): string {
  const { measure, first, second, relative, interval, confidence } = row;
  const change = relative === null && measure.unit !== 'ratio' ? '' : `, ${changeText(row)}`;
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

/** How a measure changed: in percent of the first run's value; of a rate, and from 0, in its own unit. */
export function changeText({ measure, difference, relative }: Compared): string {
  if (relative !== null && measure.unit !== 'ratio') return signedPercent(relative);
  return difference === null ? 'n/a' : signed(measure.unit, difference);
}

/** A difference with its sign and unit; percentage points for rates. */
function signed(unit: Unit, value: number): string {
  if (unit === 'ratio') return signedPercent(value).replace('%', 'pp');
  return `${value < 0 ? '-' : '+'}${show(unit, Math.abs(value))}`;
}

function describeDoubt(
  row: Compared,
  { change, state }: { change: Change; state: Judgement['state'] },
): string {
  const excess = change.worseBy > change.allowed ? 'more than allowed, but ' : '';
  if (state === 'broken') {
    if (row.measure.unit === 'ratio')
      return row.interval === null ? '; told request by request, by an exact test' : '';
    if (row.isExact && row.interval === null)
      return '; by an exact test, its few requests taken for independent';
    return row.hasEnough ? '' : '; few samples for this percentile';
  }
  if (state === 'held') return excess === '' ? '' : `; ${excess}within noise: run longer to be sure`;
  if (row.verdict !== 'unknown') return `; ${excess}noise hides any change up to twice the value: run longer`;
  return row.doubt === null ? '' : `; ${excess}${doubtText(row.doubt)}`;
}

/** Why noise cannot be told, and what would help. */
export function doubtText(doubt: Doubt): string {
  switch (doubt.kind) {
    case 'missing':
      return 'one of the runs has no sample of it';
    case 'no-times':
      return 'noise of one part is told from single samples only: keep samples.jsonl of both runs (50,000 requests at most), or judge the whole run';
    case 'few':
      return `too few to tell it from noise: ${count(doubt.effective)}, and it takes ${count(doubt.needed)}: run longer`;
    case 'alike':
      return `neighbours are so alike that they tell as much as ${count(doubt.effective)} independent samples, and it takes ${count(doubt.needed)}: run about ${count(doubt.needed / Math.max(1, doubt.effective))} times as long`;
    default:
      return doubt satisfies never;
  }
}

function count(value: number): string {
  return String(Math.ceil(value - 1e-9));
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
