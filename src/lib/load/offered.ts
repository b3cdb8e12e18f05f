import type { OpenStage } from './load.ts';

/** Requests that an open load means to start: the integral of its rate. */
export function offeredRequests(stages: readonly OpenStage[]): number {
  return stages.reduce(
    (sum, { durationMs, fromPerSec, toPerSec }) => sum + (((fromPerSec + toPerSec) / 2) * durationMs) / 1000,
    0,
  );
}
