import type { PlannedLoad } from '../../lib/samples/sample-header.ts';

/** What is asked of a run at one moment; null where no part asks for it in this unit. */
export type AskedLoad = { ratePerSec: number | null; users: number | null };

/** The planned load at a time in ms from its beginning: the sum of the parts that go on then. */
export function askedAt(stages: readonly PlannedLoad[], atMs: number): AskedLoad {
  return { ratePerSec: sumAt(stages, 'ratePerSec', atMs), users: sumAt(stages, 'vus', atMs) };
}

/** When the last planned load ends, ms from its beginning; null where nobody knows, as for a number of requests. */
export function plannedEndMs(stages: readonly PlannedLoad[]): number | null {
  if (stages.length === 0 || stages.some(({ points }) => points.length === 0)) return null;
  return Math.max(...stages.flatMap(({ points }) => points.map(([atMs]) => atMs)));
}

function sumAt(stages: readonly PlannedLoad[], unit: PlannedLoad['unit'], atMs: number): number | null {
  const targets = stages.flatMap((stage) => (stage.unit === unit ? (targetAt(stage, atMs) ?? []) : []));
  return targets.length === 0 ? null : targets.reduce((sum, target) => sum + target, 0);
}

/** On the line between the points around a moment; null before the first and after the last. */
function targetAt({ points }: PlannedLoad, atMs: number): number | null {
  const after = points.findIndex(([pointMs]) => pointMs > atMs);
  const [left, right] = [points[after - 1], points[after]];
  if (left === undefined || right === undefined) return null;
  const share = (atMs - left[0]) / (right[0] - left[0]);
  return left[1] + (right[1] - left[1]) * share;
}
