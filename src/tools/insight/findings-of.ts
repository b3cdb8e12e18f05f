import type { RunFinding, Summary } from '../../lib/summary/summary.ts';
import { driftFinding } from './drift-finding.ts';
import { limitsFinding } from './limits-finding.ts';
import { spikeFinding } from './spike-finding.ts';
import type { TimedRequest } from './timed-request.ts';

/** The scenario whose length is its question. */
const LONG = 'soak';

/**
 * What a run answers in words, from its requests: what its spike did, whether a soak drifted, what limits its server.
 *
 * @param memoryBytes of the load generator, once a second; null where nobody looked.
 */
export function findingsOf(
  requests: readonly TimedRequest[],
  { summary, memoryBytes }: { summary: Summary; memoryBytes: readonly number[] | null },
): RunFinding[] {
  const isSoak = Object.hasOwn(summary.testTypes, LONG) || summary.scenario === LONG;
  return [
    spikeFinding(requests, summary),
    isSoak && requests.length > 0 ? driftFinding(requests, memoryBytes) : null,
    limitsFinding(requests),
  ].filter((finding) => finding !== null);
}
