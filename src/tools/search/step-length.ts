import type { ServiceTerm } from './service-level.ts';
import type { StepLength, StepRecord } from './step-record.ts';

/** How long a step is, and what its k6 is told of the latency to expect; ms. */
export type StepSpan = { warmupMs: number; holdMs: number; expectedLatencyMs: number | null };

export type StepWish = {
  load: number;
  length: StepLength;
  by: 'rate' | 'vus';
  /** As asked: of a full step, unless its percentiles want more. */
  holdMs: number;
  /** Asked by `LLM_WARMUP`; null: ours. */
  warmupMs: number | null;
};

/** So much longer than asked may a step be, for the sake of its percentiles. */
const MAX_STRETCH = 4;
/** Of a full step; a look on the way up. */
const SHORT_RATIO = 1 / 3;
const MIN_SHORT_MS = 3000;
/** Fewer requests than this are no look at all. */
const LOOKED_AT = 10;
const MIN_WARMUP_MS = 2000;
/** The square of the normal quantile at 95 %, two-sided. */
const Z_SQUARED = 3.8415;
/** Free users beyond what the limit needs: who waits twice the limit has broken it. */
const LATENCY_ROOM = 2;

/** How long a step must be, from what was seen of lower loads. */
export function stepTimes(
  { load, length, by, holdMs, warmupMs }: StepWish,
  {
    terms,
    held,
    limitMs,
  }: { terms: readonly ServiceTerm[]; held: StepRecord | null; limitMs: number | null },
): StepSpan {
  const perSec = by === 'rate' ? load : expectedPerSec(load, held);
  const neededMs = perSec === null ? 0 : (neededRequests(terms) / perSec) * 1000;
  const fullMs = Math.max(holdMs, Math.min(MAX_STRETCH * holdMs, neededMs));
  const lookMs = perSec === null ? 0 : (LOOKED_AT / perSec) * 1000;
  const shortMs = Math.min(fullMs, Math.max(MIN_SHORT_MS, holdMs * SHORT_RATIO, lookMs));
  const latencyMs = held?.latencyMs?.p50 ?? 0;
  const own = Math.max(MIN_WARMUP_MS, 2 * latencyMs, length === 'full' ? holdMs / 6 : 0);
  return {
    warmupMs: Math.ceil(warmupMs ?? own),
    holdMs: Math.ceil(length === 'full' ? fullMs : shortMs),
    expectedLatencyMs: expectedLatencyMs(held, limitMs),
  };
}

/** Requests that bound every percentile asked, and one of the failures that may be. */
export function neededRequests(terms: readonly ServiceTerm[]): number {
  const needed = terms.map(({ judge, measure }) => {
    if (judge.kind !== 'share' || judge.allowedRatio <= 0) return 0;
    return measure.source.kind === 'rate'
      ? 1 / judge.allowedRatio
      : (Z_SQUARED * (1 - judge.allowedRatio)) / judge.allowedRatio + 1;
  });
  return Math.ceil(Math.max(0, ...needed));
}

/** Users ask as often as those of a lower load did. */
function expectedPerSec(load: number, held: StepRecord | null): number | null {
  if (held === null || held.measuredSec <= 0 || held.measured.requests === 0) return null;
  return (held.measured.requests / held.measuredSec / held.load) * load;
}

/** null: as it is set, or k6's scenario has it. */
function expectedLatencyMs(held: StepRecord | null, limitMs: number | null): number | null {
  const seen = held?.latencyMs?.p95 ?? null;
  if (limitMs !== null) return Math.ceil(LATENCY_ROOM * Math.max(limitMs, seen ?? 0));
  return seen === null ? null : Math.ceil(Math.max(5000, 3 * seen));
}
