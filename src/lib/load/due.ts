import type { OpenStage } from './load.ts';

/** Stages as a row of numbers, which cost a VU least: length in ms, rate at the beginning, rate at the end, and so on. */
export type PackedStages = readonly number[];

/** An open load's stages for VUs. */
export function packStages(stages: readonly OpenStage[]): PackedStages {
  return stages.flatMap(({ durationMs, fromPerSec, toPerSec }) => [durationMs, fromPerSec, toPerSec]);
}

/** Iterations that are due by a time since the load began: the integral of its rate so far. */
export function dueBy(packed: PackedStages, sinceMs: number): number {
  let due = 0;
  let leftMs = sinceMs;
  for (let at = 0; at < packed.length && leftMs > 0; at += 3) {
    const [durationMs = 0, fromPerSec = 0, toPerSec = 0] = [packed[at], packed[at + 1], packed[at + 2]];
    const withinMs = Math.min(leftMs, durationMs);
    const reachedPerSec = fromPerSec + ((toPerSec - fromPerSec) * withinMs) / durationMs;
    due += (((fromPerSec + reachedPerSec) / 2) * withinMs) / 1000;
    leftMs -= withinMs;
  }
  return due;
}

/** How many requests of a schedule are due before a time since its zero. */
export function scheduledBefore(
  { count, requestAt }: { count: number; requestAt: (iteration: number) => { atMs: number } },
  atMs: number,
): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (requestAt(middle).atMs < atMs) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * What is due for less than this is not missing yet, ms: on a busy machine some VUs begin late, in any order, while the
 * load as a whole is made.
 */
export const GRACE_MS = 5000;

/** Of what was due by then, the share that has been started, 0 to 1; 1 where nothing was. */
export function deliveredRatio(started: number, due: number): number {
  return due < 1 ? 1 : Math.min(1, started / due);
}

/** Below it a load was not delivered: k6 counts what no VU was free for, and nothing of what it never got round to. */
export const MIN_DELIVERED_RATIO = 0.95;

/** A schedule whose requests start later than this at the 99th percentile, ms, waits for the load generator. */
export const MAX_LAG_P99_MS = 100;

/**
 * A request of a schedule that starts later than this, ms, is not the one that was asked for: `MIN_DELIVERED_RATIO` of
 * them must be in time. A burst that is made up for later is no burst. Far above what a busy machine makes them wait.
 */
export const MAX_LAG_P95_MS = 1000;

/** Holds where a schedule was kept. A percentile that nobody asked for. */
export const LAG_GUARD = { metric: 'ai_schedule_lag_ms', expression: `p(95)<=${MAX_LAG_P95_MS}` } as const;

/** Whether a threshold is the one that every schedule has. */
export function isLagGuard({ metric, expression }: { metric: string; expression: string }): boolean {
  return metric === LAG_GUARD.metric && expression === LAG_GUARD.expression;
}
