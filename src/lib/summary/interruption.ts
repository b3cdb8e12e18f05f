import type { PlannedEnd } from '../plan/planned-end.ts';
import { formatSpan } from '../text/format.ts';
import { countOf, type K6Data } from './k6-data.ts';
import type { Interruption, Summary } from './summary.ts';

/** What a run's plan says of its end. */
export type Ending = PlannedEnd & {
  /** Thresholds that end the run when they break, `ai_latency_ms: p(95)<5000`. */
  abortsOn: readonly string[];
};

/** k6's clock and its executors are this exact, and more. */
const CLOCK_SLACK_MS = 500;

/**
 * Whether somebody ended the run before its plan did: it did less, and neither it nor a threshold ended it. null where
 * nobody did, or nobody knows the plan.
 */
export function interruptionOf(
  k6: K6Data,
  {
    durationMs,
    stopped,
    ending,
  }: { durationMs: number | null; stopped: string | null; ending: Ending | null },
): Interruption | null {
  if (durationMs === null || stopped !== null || ending === null || !k6.isLegacyShape) return null;
  if (
    k6.thresholds.some(
      ({ ok, metric, expression }) => !ok && ending.abortsOn.includes(`${metric}: ${expression}`),
    )
  )
    return null;
  const { lengthMs, slackMs, iterations, maxMs } = ending;
  const isShort =
    lengthMs === null
      ? countOf(k6, 'iterations') < (iterations ?? 0) && durationMs < maxMs
      : durationMs < lengthMs - slackMs - CLOCK_SLACK_MS;
  return isShort ? { afterMs: durationMs, plannedMs: lengthMs } : null;
}

/** The summary of a run that was interrupted: what its thresholds say of a part is no verdict. */
export function asInterrupted(summary: Summary, interrupted: Interruption): Summary {
  return { ...summary, interrupted, slo: { ...summary.slo, state: 'not-judged' } };
}

/** `INTERRUPTED after 4.9 s of 48 s`; null for a run that was not. */
export function interruptedText({ interrupted }: Pick<Summary, 'interrupted'>): string | null {
  // An older summary.json has no such field.
  if (!interrupted) return null;
  const { afterMs, plannedMs } = interrupted;
  if (afterMs === null) return 'INTERRUPTED before its load began';
  const planned = plannedMs === null ? '' : ` of ${formatSpan(plannedMs).replace('.0 s', ' s')}`;
  return `INTERRUPTED after ${formatSpan(afterMs)}${planned}`;
}
