import type { Load } from './load.ts';

/** When a load begins its first iteration, ms from its start; about, as k6 rounds. Infinity: never. */
export function firstIterationMs(load: Load): number {
  switch (load.kind) {
    case 'iterations':
      return 0;
    case 'closed':
      return firstWhere(load.stages, ({ durationMs, fromVus, toVus }) =>
        fromVus >= 1 ? 0 : toVus >= 1 ? (durationMs * (1 - fromVus)) / (toVus - fromVus) : null,
      );
    case 'open': {
      let due = 1;
      return firstWhere(load.stages, ({ durationMs, fromPerSec, toPerSec }) => {
        const requests = ((fromPerSec + toPerSec) / 2) * (durationMs / 1000);
        if (requests < due) {
          due -= requests;
          return null;
        }
        const slope = (toPerSec - fromPerSec) / (durationMs / 1000);
        // The root of slope/2 t² + from t = due, in a form that needs no slope.
        return (1000 * 2 * due) / (fromPerSec + Math.sqrt(fromPerSec * fromPerSec + 2 * slope * due));
      });
    }
  }
}

/** The first stage's word, and the stages before it. */
function firstWhere<S extends { durationMs: number }>(
  stages: readonly S[],
  whenIn: (stage: S) => number | null,
): number {
  let beforeMs = 0;
  for (const stage of stages) {
    const withinMs = whenIn(stage);
    if (withinMs !== null) return beforeMs + withinMs;
    beforeMs += stage.durationMs;
  }
  return Infinity;
}
