import { startTag } from '../plan/load-starts.ts';
import type { Threshold } from '../plan/build-options.ts';
import type { K6Thresholds } from './compile-thresholds.ts';
import { formatThresholdKey, parseThresholdKey } from './threshold-key.ts';
import type { ThresholdProfile } from './threshold-profile.ts';

/** One step of `breakpoint`: the value of the tag `step`, and when it ends, ms from the start of the load. */
export type StepEnd = { name: string; endMs: number };

/** How the thresholds of steps are named and timed. */
export type StepTimes = {
  steps: readonly StepEnd[];
  /** When the load may begin, ms from k6's start (src/lib/plan/load-starts.ts). */
  startsMs: readonly number[];
  place: string;
};

/**
 * Every threshold of a profile for each step's own samples, and beside each, for every time at which the load may begin,
 * one that ends the run at the end of the first step that breaks. No guards: a step that was never reached has no samples
 * and has broken nothing; one whose requests all hang breaks its `error_rate` when they time out.
 *
 * @param profile one that `compileThresholds` accepted.
 */
export function stepThresholds(
  profile: ThresholdProfile,
  { steps, startsMs, place }: StepTimes,
): K6Thresholds {
  const entries = Object.entries(profile.thresholds).filter(([, list]) => list.length > 0);
  return Object.fromEntries(
    steps.flatMap(({ name, endMs }) =>
      entries.flatMap(([text, list]): [string, Threshold[]][] => {
        const { metric, tags } = parseThresholdKey(text, place);
        const ofStep = new Map([...tags, ['step', name]]);
        const texts = list.map((threshold) => textOf(threshold));
        return [
          [formatThresholdKey({ metric, tags: ofStep }), texts],
          ...startsMs.map((startMs): [string, Threshold[]] => [
            formatThresholdKey({ metric, tags: new Map([...ofStep, ['start', startTag(startMs)]]) }),
            texts.map((one) => abortingAt(one, startMs + endMs)),
          ]),
        ];
      }),
    ),
  );
}

function textOf(threshold: Threshold): string {
  return (typeof threshold === 'string' ? threshold : threshold.threshold).trim();
}

function abortingAt(threshold: string, endMs: number): Threshold {
  return { threshold, abortOnFail: true, delayAbortEval: `${Math.ceil(endMs)}ms` };
}
