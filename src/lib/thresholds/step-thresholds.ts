import type { Threshold } from '../plan/k6-options.ts';
import type { K6Thresholds } from './compile-thresholds.ts';
import { formatThresholdKey, parseThresholdKey } from './threshold-key.ts';
import type { ThresholdProfile } from './threshold-profile.ts';

/** One step of `breakpoint`: the value of the tag `step`, and when it ends, ms from the start of the run. */
export type StepEnd = { name: string; endMs: number };

/**
 * Every threshold of a profile for each step's own samples, ending the run at the end of the first step that
 * breaks one. No guards: a step that was never reached has no samples and has broken nothing; one whose requests
 * all hang breaks its `error_rate` when they time out.
 *
 * @param profile one that `compileThresholds` accepted.
 */
export function stepThresholds(
  profile: ThresholdProfile,
  steps: readonly StepEnd[],
  place: string,
): K6Thresholds {
  const entries = Object.entries(profile.thresholds).filter(([, list]) => list.length > 0);
  return Object.fromEntries(
    steps.flatMap(({ name, endMs }) =>
      entries.map(([text, list]): [string, Threshold[]] => {
        const { metric, tags } = parseThresholdKey(text, place);
        const key = formatThresholdKey({ metric, tags: new Map([...tags, ['step', name]]) });
        return [key, list.map((threshold) => abortingAt(threshold, endMs))];
      }),
    ),
  );
}

function abortingAt(threshold: Threshold, endMs: number): Threshold {
  const text = typeof threshold === 'string' ? threshold : threshold.threshold;
  return { threshold: text.trim(), abortOnFail: true, delayAbortEval: `${Math.ceil(endMs)}ms` };
}
