import { renderJunit } from '../../lib/summary/render/render-junit.ts';
import type { Judgement } from './gate.ts';

/** A gate as JUnit: one case a rule, failed where it was broken or could not be judged. */
export function gateJunit(
  name: string,
  results: readonly { against: string; judgements: readonly Judgement[] }[],
): string {
  return renderJunit({
    name,
    seconds: null,
    timestamp: null,
    cases: results.flatMap(({ against, judgements }) =>
      judgements.map(({ rule, state, sentence }) => ({
        className: against,
        name: rule.text,
        failure: state === 'held' ? null : sentence,
      })),
    ),
  });
}
