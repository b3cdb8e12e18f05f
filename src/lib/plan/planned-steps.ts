import type { Load } from '../load/load.ts';

/** A step of `breakpoint`: its tag, what it offers, and when, ms from the start of the load. */
export type PlannedStep = { name: string; ratePerSec: number; startMs: number; durationMs: number };

/** Every stage of the open parts as a step, named `01`, `02`, … */
export function plannedSteps(parts: readonly { load: Load; zeroMs: number }[]): PlannedStep[] {
  const steps: PlannedStep[] = [];
  for (const { load, zeroMs } of parts) {
    if (load.kind !== 'open') continue;
    let atMs = zeroMs;
    for (const { durationMs, toPerSec } of load.stages) {
      const name = String(steps.length + 1).padStart(2, '0');
      steps.push({ name, ratePerSec: toPerSec, startMs: atMs, durationMs });
      atMs += durationMs;
    }
  }
  return steps;
}

/** The step of a request issued at a time since the load began; null outside all of them. */
export function stepAt(steps: readonly PlannedStep[], elapsedMs: number): string | null {
  const step = steps.find(
    ({ startMs, durationMs }) => elapsedMs >= startMs && elapsedMs < startMs + durationMs,
  );
  return step?.name ?? null;
}
