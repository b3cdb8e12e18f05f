import { formatMs, formatPercent, formatRate } from '../text/format.ts';
import { isOfStep } from './step-evidence.ts';
import type { Step, Summary } from './summary.ts';

/** What a run of steps found: the highest step that held before any broke, and the first that broke. */
export type BreakingPoint = {
  held: Step | null;
  broke: Step | null;
  /** Every step was offered and held. */
  isSafe: boolean;
  /** `held 36/s (p95 TTFT 410 ms), broke at 39/s: 50 % failed`. */
  sentence: string;
};

/** null for scenarios without steps. */
export function breakingPoint({
  steps,
  thresholds,
}: Pick<Summary, 'steps' | 'thresholds'>): BreakingPoint | null {
  if (steps === null || steps.length === 0) return null;
  const brokeAt = steps.findIndex(({ ok }) => ok === false);
  const before = brokeAt < 0 ? steps : steps.slice(0, brokeAt);
  const held = before.filter(({ ok }) => ok === true).at(-1) ?? null;
  const broke = steps[brokeAt] ?? null;
  const parts = [
    held === null ? null : `held ${shortRate(held.ratePerSec)}/s (${paceOf(held)})`,
    broke === null
      ? withoutBreak(steps, held)
      : `broke at ${shortRate(broke.ratePerSec)}/s: ${whyBroke(broke, brokenBy(thresholds, stepName(brokeAt)))}`,
  ];
  const isSafe = broke === null && held === steps.at(-1);
  return { held, broke, isSafe, sentence: parts.filter((part) => part !== null).join(', ') };
}

function withoutBreak(steps: readonly Step[], held: Step | null): string {
  const last = steps.at(-1);
  if (held !== null && held === last) return 'the highest step: it did not break';
  const highest = steps.filter((step) => reachedOf(step) !== 'none').at(-1);
  if (highest === undefined) return 'no step was reached';
  if (reachedOf(highest) === 'part' || highest !== last) return 'and the run ended before anything broke';
  const asked = `${shortRate(highest.ratePerSec)}/s`;
  return `${asked} was not offered: ${formatRate(highest.achievedPerSec)}/s was achieved, so nobody knows where it breaks`;
}

/** An older summary.json lists only steps that were offered. */
export function reachedOf(step: Step): Step['reached'] {
  return step.reached ?? 'whole';
}

/** One word or two on a step, for tables. */
export function stepVerdict(step: Step): string {
  if (step.ok !== null) return step.ok ? 'held' : 'broke';
  switch (reachedOf(step)) {
    case 'none':
      return 'not reached';
    case 'part':
      return 'cut short';
    case 'whole':
      return (step.achievedPerSec ?? 0) < step.ratePerSec ? 'not offered' : 'not judged';
  }
}

/** As steps are tagged, by their place in the plan. */
function stepName(index: number): string {
  return String(index + 1).padStart(2, '0');
}

function brokenBy(thresholds: Summary['thresholds'], step: string): Summary['thresholds'] {
  return thresholds.filter(({ metric, ok }) => ok === false && isOfStep(metric, step));
}

function paceOf({ latencyMs, ttftMs }: Step): string {
  return ttftMs.p95 !== null
    ? `p95 TTFT ${formatMs(ttftMs.p95)} ms`
    : `p95 latency ${formatMs(latencyMs.p95)} ms`;
}

/** Failures tell more than what is left of the latencies, and say most where both broke. */
const OF_FAILURES: readonly string[] = ['error_rate', 'checks', 'http_req_failed', 'ai_errors'];

function whyBroke(step: Step, broken: Summary['thresholds']): string {
  const named = broken.map(({ metric }) => /^\w+/.exec(metric)?.[0] ?? metric);
  const reasons: string[] = [];
  if (named.some((metric) => OF_FAILURES.includes(metric)))
    reasons.push(`${formatPercent(step.errorRatio)} failed`);
  if (named.includes('ai_ttft_ms')) reasons.push(`p95 TTFT ${formatMs(step.ttftMs.p95)} ms`);
  if (named.includes('ai_latency_ms')) reasons.push(`p95 latency ${formatMs(step.latencyMs.p95)} ms`);
  if (named.includes('ai_goodput')) reasons.push(`goodput ${formatPercent(step.goodputRatio)}`);
  if (reasons.length > 0) return reasons.join(', ');
  const [first] = broken;
  return first === undefined
    ? `${formatPercent(step.errorRatio)} failed`
    : `${named[0] ?? ''} did not meet ${first.expression}`;
}

/** `36`, `37.5`. */
function shortRate(perSec: number): string {
  return Number.isInteger(perSec) ? String(perSec) : formatRate(perSec);
}
