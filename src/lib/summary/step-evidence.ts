import { MIN_DELIVERED_RATIO } from '../load/due.ts';
import { submetric } from '../metrics/submetrics.ts';
import type { PlannedStep } from '../plan/planned-steps.ts';
import { countOf, type K6Data } from './k6-data.ts';
import type { Step, ThresholdResult } from './summary.ts';
import { rateOf, statsOf } from './totals.ts';

/** Arrivals that a step may lack for no fault of anybody, beside those of a second: k6 rounds their number down. */
const MISSING_ARRIVALS = 2;
/** So late may a step's arrivals begin. */
const LATE_MS = 1000;
/** Of a step's end that may be missing for it to count as whole: k6 is done with its load at the last arrival. */
const MISSING_END_RATIO = 0.1;

/** What the steps are told by. */
export type StepEvidence = {
  thresholds: readonly ThresholdResult[];
  /** Of load, ms; null when unknown: then every step that was offered counts as whole. */
  durationMs: number | null;
};

/**
 * The capacity curve of `breakpoint`: every step of the plan, offered or not. A step is ok when it was offered as planned,
 * to its end, and none of its own thresholds broke; null when that cannot be told.
 */
export function stepsOf(
  data: K6Data,
  planned: readonly PlannedStep[],
  evidence: StepEvidence,
): Step[] | null {
  if (planned.length === 0) return null;
  const steps: Step[] = [];
  for (const step of planned) {
    const isOver = steps.some(({ ok }) => ok === false);
    steps.push(stepOf(data, step, { ...evidence, isOver }));
  }
  return steps;
}

function stepOf(
  data: K6Data,
  { name: step, ratePerSec, startMs, durationMs }: PlannedStep,
  { thresholds, durationMs: loadMs, isOver }: StepEvidence & { isOver: boolean },
): Step {
  const key = (metric: string): string => submetric(metric, { step });
  const started = countOf(data, key('ai_requests_started'));
  const isWhole = loadMs === null || loadMs >= startMs + durationMs * (1 - MISSING_END_RATIO);
  const lastedMs = isWhole ? durationMs : Math.max(0, (loadMs ?? 0) - startMs);
  const reached = started === 0 ? 'none' : isWhole ? 'whole' : 'part';
  const dueMs = Math.max(0, durationMs - LATE_MS);
  const isOffered = started + MISSING_ARRIVALS >= MIN_DELIVERED_RATIO * ratePerSec * (dueMs / 1000);
  const judged = reached === 'none' ? null : verdictOf(thresholds, step);
  return {
    name: step,
    startMs,
    durationMs,
    ratePerSec,
    reached,
    achievedPerSec: started === 0 || lastedMs === 0 ? null : started / (lastedMs / 1000),
    latencyMs: statsOf(data, key('ai_latency_ms')),
    ttftMs: statsOf(data, key('ai_ttft_ms')),
    errorRatio: rateOf(data, key('error_rate')),
    goodputRatio: rateOf(data, key('ai_goodput')),
    // What the run ended in broke something, unless it was about to end for what broke before.
    ok:
      reached === 'whole'
        ? judged === true && !isOffered
          ? null
          : judged
        : judged === false && !isOver
          ? false
          : null,
  };
}

function verdictOf(thresholds: readonly ThresholdResult[], step: string): boolean | null {
  const own = thresholds.filter(({ metric }) => isOfStep(metric, step)).map(({ ok }) => ok);
  if (own.includes(false)) return false;
  return own.includes(true) ? true : null;
}

/** Whether a threshold judges one step, or this one. */
export function isOfStep(metric: string, step: string | null = null): boolean {
  const found = /[{,]step:([^,}]*)/.exec(metric)?.[1];
  return found !== undefined && (step === null || found === step);
}
