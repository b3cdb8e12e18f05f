import type { PlannedPart } from './planned-parts.ts';

/** What a run goes through unless somebody ends it: one that did less was interrupted. */
export type PlannedEnd = {
  /** Of load, ms; null where iterations are counted instead. */
  lengthMs: number | null;
  /** How much earlier it may be over: k6 is done with an open load at its last arrival. */
  slackMs: number;
  /** null where time counts. */
  iterations: number | null;
  /** After which k6 cuts the iterations that are left, ms. */
  maxMs: number;
};

/** Arrivals that may be missing at the end: k6 rounds their number down. */
const MISSING_ARRIVALS = 2;

/** null for a run of both kinds. */
export function plannedEndOf(parts: readonly PlannedPart[], timeoutMs: number): PlannedEnd | null {
  const ends = parts.flatMap(({ zeroMs, lengthMs }) => (lengthMs === null ? [] : [zeroMs + lengthMs]));
  if (ends.length === parts.length) {
    const lengthMs = Math.max(...ends);
    return { lengthMs, slackMs: Math.max(...parts.map(slackOf)), iterations: null, maxMs: lengthMs };
  }
  if (ends.length > 0) return null;
  const iterations = parts.reduce((sum, { load }) => sum + (load.kind === 'iterations' ? load.count : 0), 0);
  return { lengthMs: null, slackMs: 0, iterations, maxMs: iterations * timeoutMs };
}

/** From the beginning of the last arrivals to the end, at most: fewest of them come where the rate falls to nothing. */
function slackOf({ load, schedule }: PlannedPart): number {
  const last = load.kind === 'open' && schedule === null ? load.stages.at(-1) : undefined;
  if (last === undefined) return 0;
  const { durationMs, fromPerSec, toPerSec } = last;
  const share = Math.min(1, (MISSING_ARRIVALS * 2000) / ((fromPerSec + toPerSec) * durationMs));
  return durationMs * (toPerSec < fromPerSec ? Math.sqrt(share) : share);
}
