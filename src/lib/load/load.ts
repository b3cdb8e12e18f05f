/**
 * What a scenario asks of the server, before k6 hears of it. Open: requests arrive whether or not others have
 * been answered. Closed: users ask, wait for the answer, think, and ask again.
 */
export type Load = OpenLoad | ClosedLoad | IterationsLoad;

/** Rates in requests per second; a stage goes in a line from one to the other. */
export type OpenLoad = { kind: 'open'; stages: readonly OpenStage[] };
export type OpenStage = { durationMs: number; fromPerSec: number; toPerSec: number };

export type ClosedLoad = {
  kind: 'closed';
  stages: readonly ClosedStage[];
  thinkTimeMeanMs: number;
  expectedLatencyMs: number;
};
export type ClosedStage = { durationMs: number; fromVus: number; toVus: number };

/** So many iterations, however long they take. */
export type IterationsLoad = { kind: 'iterations'; count: number };

/** Requests that an open load means to start: the integral of its rate. */
export function offeredRequests(stages: readonly OpenStage[]): number {
  return stages.reduce(
    (sum, { durationMs, fromPerSec, toPerSec }) => sum + (((fromPerSec + toPerSec) / 2) * durationMs) / 1000,
    0,
  );
}
