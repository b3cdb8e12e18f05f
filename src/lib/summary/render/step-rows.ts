import { formatMs, formatPercent, formatRate } from '../../text/format.ts';
import { type BreakingPoint, breakingPoint, stepVerdict } from '../breaking-point.ts';
import { interruptedText } from '../interruption.ts';
import type { Step, Summary, ThresholdResult } from '../summary.ts';
import { isOfStep } from '../step-evidence.ts';

/** What the steps of a run found, if it had any and was not interrupted: then the steps say it, not the verdict. */
export function foundBySteps(summary: Summary): BreakingPoint | null {
  return interruptedText(summary) === null ? breakingPoint(summary) : null;
}

/** Titles of `stepRows`. */
export function stepTitles({ stream }: Pick<Summary, 'stream'>): string[] {
  return ['asked/s', 'achieved/s', 'p95 ms', ...(stream ? ['TTFT p95 ms'] : []), 'failed', 'verdict'];
}

/** One row a step of the plan, as text; none for scenarios without steps. */
export function stepRows({ steps, stream }: Pick<Summary, 'steps' | 'stream'>): string[][] {
  return (steps ?? []).map((step: Step) => [
    formatRate(step.ratePerSec),
    formatRate(step.achievedPerSec),
    formatMs(step.latencyMs.p95),
    ...(stream ? [formatMs(step.ttftMs.p95)] : []),
    formatPercent(step.errorRatio),
    stepVerdict(step),
  ]);
}

/** The thresholds that are not told by the steps' table. */
export function thresholdsBesideSteps({
  steps,
  thresholds,
}: Pick<Summary, 'steps' | 'thresholds'>): ThresholdResult[] {
  return thresholds.filter(({ metric }) => steps === null || !isOfStep(metric));
}
