import { MIN_DELIVERED_RATIO } from '../../lib/load/due.ts';
import { rateInterval } from '../statistics/rate-interval.ts';
import type { LatencyGrowth, StepRecord } from './step-record.ts';
import type { ServiceTerm } from './service-level.ts';

/** What a load's steps say of it. */
export type LoadVerdict =
  | { state: 'held' | 'broken'; isClear: boolean; reasons: readonly string[] }
  /** Within noise of a limit. `leans`: what its figures as they stand would say. */
  | { state: 'unclear'; leans: 'held' | 'broken'; reasons: readonly string[] }
  /** The client did not make the load: no verdict on the server. */
  | { state: 'not-driven'; reasons: readonly string[] };

/** Of ten blocks, 45 pairs: by chance one run in 120 reaches this score, one in 10,000 the other. */
const LIKELY_GROWTH: LatencyGrowth = { score: 27, riseRatio: 0.5 };
const CERTAIN_GROWTH: LatencyGrowth = { score: 35, riseRatio: 1 };
/** So large a share of bad requests is no noise. */
const PLAIN_RATIO = 0.5;
const PLAIN_COUNT = 20;

/** Judges a load by all steps that ran with it; where some were of full length, by those alone. */
export function judgeLoad(steps: readonly StepRecord[], terms: readonly ServiceTerm[]): LoadVerdict {
  const full = steps.filter(({ length }) => length === 'full');
  const judged = full.length > 0 ? full : steps;
  const unbound = judged.filter(({ drive }) => drive.clientBound.length === 0);
  if (unbound.length > 0) return judgeDriven(unbound, terms);
  // A client that is slow itself makes all look worse: what held all the same held, what broke says nothing. Unless
  // nobody knows that the load was made: users who wait for a slow client ask the server for less.
  const verdict = judgeDriven(judged, terms);
  const isMade = judged.every(({ drive }) => drive.madeRatio !== null);
  const isHeld = verdict.state === 'held' || (verdict.state === 'unclear' && verdict.leans === 'held');
  if (isMade && isHeld) return verdict;
  return { state: 'not-driven', reasons: judged.at(-1)?.drive.clientBound ?? [] };
}

function judgeDriven(driven: readonly StepRecord[], terms: readonly ServiceTerm[]): LoadVerdict {
  const verdict = combine([
    ...terms.map((term) => judgeTerm(term, driven)),
    judgeGrowth(driven.flatMap(({ growth }) => growth ?? [])),
    judgeSuccess(driven),
  ]);
  // Fewer requests than asked broke it, so as many would have; that fewer held says nothing.
  const short = driven.filter(isShort);
  if (short.length === 0 || verdict.state === 'broken') return verdict;
  return { state: 'not-driven', reasons: [...new Set(short.flatMap(shortReasons))] };
}

function isShort({ drive }: StepRecord): boolean {
  return drive.shortOf.length > 0 || (drive.madeRatio !== null && drive.madeRatio < MIN_DELIVERED_RATIO);
}

function shortReasons({ drive, load }: StepRecord): readonly string[] {
  if (drive.shortOf.length > 0) return drive.shortOf;
  return [`only ${Math.round((drive.madeRatio ?? 0) * 100)} % of the load of ${load} was made`];
}

type Finding = { state: 'held' | 'broken'; isClear: boolean; reason: string | null };

/** Broken where anything is; unclear where something that is not clear could change that. */
function combine(findings: readonly Finding[]): LoadVerdict {
  const reasonsOf = (state: 'held' | 'broken', isClear: boolean): string[] =>
    findings.flatMap((finding) =>
      finding.state === state && finding.isClear === isClear && finding.reason !== null
        ? [finding.reason]
        : [],
    );
  if (findings.some(({ state, isClear }) => state === 'broken' && isClear))
    return { state: 'broken', isClear: true, reasons: reasonsOf('broken', true) };
  if (findings.some(({ state }) => state === 'broken'))
    return { state: 'unclear', leans: 'broken', reasons: reasonsOf('broken', false) };
  if (findings.every(({ isClear }) => isClear)) return { state: 'held', isClear: true, reasons: [] };
  const reasons = reasonsOf('held', false).map((reason) => `${reason}: too few requests to be sure of it`);
  return { state: 'unclear', leans: 'held', reasons };
}

function judgeTerm(term: ServiceTerm, steps: readonly StepRecord[]): Finding {
  const samples = steps.flatMap(({ terms }) => terms.filter(({ text }) => text === term.text));
  const values = samples.flatMap(({ value }) => value ?? []);
  const asked = term.text.slice(term.text.search(/[<>]/));
  const reason =
    values.length === 0
      ? `${term.measure.name} has no sample`
      : `${term.measure.name} was ${valuesText(values, term)}, and ${asked} was asked`;
  const sums = samples.flatMap((each) => each.sums);
  const counts = samples.flatMap((each) => each.counts);
  const total = sum(sums);
  const count = sum(counts);
  // Nothing to hold it against: successes, which it lacks, are judged by themselves.
  if (count === 0) return { state: 'held', isClear: false, reason };
  const { judge, limit, measure } = term;
  const isCutShort = steps.some((step) => step.isCutShort);
  if (judge.kind === 'mean') {
    const mean = total / count;
    const margin = marginOfMean(sums, counts);
    const isOver = measure.better === 'lower' ? mean > limit : mean < limit;
    return { state: isOver ? 'broken' : 'held', isClear: Math.abs(mean - limit) > margin, reason };
  }
  const ratio = total / count;
  const state = ratio > judge.allowedRatio ? 'broken' : 'held';
  if (state === 'broken' && isCutShort) return { state, isClear: true, reason };
  if (state === 'broken' && ratio >= PLAIN_RATIO && total >= PLAIN_COUNT)
    return { state, isClear: true, reason };
  // None where one might have been: nobody runs a step ten times as long to be surer of nothing.
  if (measure.source.kind === 'rate' && total === 0 && count * judge.allowedRatio >= 1)
    return { state, isClear: true, reason };
  const interval = rateInterval({ totals: Float64Array.from(sums), trials: Float64Array.from(counts) });
  if (interval === null || interval.kind === 'bursts') return { state, isClear: false, reason };
  const isClear = state === 'broken' ? interval.low > judge.allowedRatio : interval.high < judge.allowedRatio;
  return { state, isClear, reason };
}

/** Two standard errors of a mean, from how blocks differ; without five blocks it is unknown. */
function marginOfMean(sums: readonly number[], counts: readonly number[]): number {
  const means = sums.flatMap((total, at) => ((counts[at] ?? 0) > 0 ? [total / (counts[at] ?? 1)] : []));
  if (means.length < 5) return Infinity;
  const mean = sum(means) / means.length;
  const variance = sum(means.map((value) => (value - mean) ** 2)) / (means.length - 1);
  return 2 * Math.sqrt(variance / means.length);
}

function judgeGrowth(growths: readonly LatencyGrowth[]): Finding {
  const reaches = (bar: LatencyGrowth): number =>
    growths.filter(({ score, riseRatio }) => score >= bar.score && riseRatio >= bar.riseRatio).length;
  const most = Math.max(0, ...growths.map(({ riseRatio }) => riseRatio));
  const reason = `the queue grew: latency rose by ${Math.round(most * 100)} % while the load stayed the same`;
  if (reaches(CERTAIN_GROWTH) > 0) return { state: 'broken', isClear: true, reason };
  const likely = reaches(LIKELY_GROWTH);
  if (likely >= 2) return { state: 'broken', isClear: true, reason };
  return likely === 0
    ? { state: 'held', isClear: true, reason: null }
    : { state: growths.length === 1 ? 'broken' : 'held', isClear: false, reason };
}

function judgeSuccess(steps: readonly StepRecord[]): Finding {
  const succeeded = sum(steps.map((step) => step.succeeded));
  if (succeeded > 0) return { state: 'held', isClear: true, reason: null };
  const kinds = [...new Set(steps.flatMap(({ errors }) => Object.keys(errors)))];
  return {
    state: 'broken',
    isClear: true,
    reason: `nothing succeeded${kinds.length === 0 ? '' : ` (${kinds.join(', ')})`}`,
  };
}

/** `1240 ms`, or from the least to the most of several steps. */
function valuesText(values: readonly number[], { measure: { unit } }: ServiceTerm): string {
  const text = (value: number): string =>
    unit === 'ratio'
      ? `${Number((value * 100).toPrecision(3))} %`
      : `${Number(value.toPrecision(3))} ${unit === 'ms' ? 'ms' : unit}`;
  const [least, most] = [text(Math.min(...values)), text(Math.max(...values))];
  return least === most ? least : `${least} to ${most}`;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
