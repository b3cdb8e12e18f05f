import { scheduledBefore } from '../load/due.ts';
import type { PlannedPart, Schedule } from './planned-parts.ts';
import type { PlannedLoad } from '../samples/sample-header.ts';

/**
 * A part's load as points of a line, for plots: users, or requests a second.
 *
 * @param schedule the part's own, if it has one.
 * @param turns requests of one conversation, which follow each other soon.
 */
export function plannedLoad(part: PlannedPart, schedule: Schedule | null, turns: number): PlannedLoad {
  const planned = plannedIterations(part, schedule);
  if (planned.unit === 'vus') return planned;
  return {
    ...planned,
    points: planned.points.map(([atMs, perSec]): [number, number] => [atMs, perSec * turns]),
  };
}

function plannedIterations({ name, load, zeroMs }: PlannedPart, schedule: Schedule | null): PlannedLoad {
  const points: [number, number][] = [];
  let atMs = zeroMs;
  switch (load.kind) {
    case 'iterations':
      return { testType: name, unit: 'vus', points: [] };
    case 'closed':
      for (const { durationMs, fromVus, toVus } of load.stages) {
        points.push([atMs, fromVus], [(atMs += durationMs), toVus]);
      }
      return { testType: name, unit: 'vus', points };
    case 'open':
      if (schedule !== null && schedule.traced !== null)
        return { testType: name, unit: 'ratePerSec', points: tracedPoints(schedule, zeroMs) };
      for (const { durationMs, fromPerSec, toPerSec } of load.stages) {
        points.push([atMs, fromPerSec], [(atMs += durationMs), toPerSec]);
      }
      return { testType: name, unit: 'ratePerSec', points };
  }
}

/** Stretches of a trace that a plot tells apart, at most. */
const MAX_STRETCHES = 60;

/** A trace's rate, as the mean of each stretch: of a second, or longer in longer ones. */
function tracedPoints(schedule: Schedule, zeroMs: number): [number, number][] {
  const stretches = Math.min(MAX_STRETCHES, Math.max(1, Math.ceil(schedule.lengthMs / 1000)));
  const stretchMs = Math.max(1000, schedule.lengthMs / stretches);
  let from = 0;
  return Array.from({ length: stretches }, (_, index): [number, number][] => {
    const isLast = index === stretches - 1;
    const to = isLast ? schedule.count : scheduledBefore(schedule, stretchMs * (index + 1));
    const ratePerSec = ((to - from) * 1000) / stretchMs;
    from = to;
    return [
      [zeroMs + stretchMs * index, ratePerSec],
      [zeroMs + stretchMs * (index + 1), ratePerSec],
    ];
  }).flat();
}
