import exec from 'k6/execution';
import type { Load } from '../../load/load.ts';
import { forecastableLoads, type LoadOfK6, loadInPlaceOfOurs } from '../../plan/load-of-k6.ts';
import type { PlannedPart } from '../../plan/planned-parts.ts';
import type { PlannedRun } from './plan-run.ts';

/** The load that k6 makes in place of a scenario's own; null where it makes ours. */
export function otherLoad(parts: readonly PlannedPart[]): LoadOfK6 | null {
  return loadInPlaceOfOurs(scenariosOfK6(), namesOf(parts));
}

/** The parts that k6 will run, as far as a forecast must know them: ours, or the load in their place. */
export function partsToForecast({ parts, settings }: PlannedRun): readonly PlannedPart[] {
  const { minMs, maxMs } = settings.thinkTime;
  const pace = { thinkTimeMeanMs: (minMs + maxMs) / 2, expectedLatencyMs: settings.expectedLatencyMs };
  const loads = forecastableLoads(scenariosOfK6(), namesOf(parts), pace);
  const [first] = parts;
  return loads === null || first === undefined ? parts : loads.map((load) => partWith(first, load));
}

/** Its requests are as long as those of the schedule that they are taken from. */
function partWith(part: PlannedPart, load: Load): PlannedPart {
  const schedule =
    part.schedule === null || load.kind !== 'iterations' ? null : { ...part.schedule, count: load.count };
  return { ...part, load, schedule };
}

function namesOf(parts: readonly PlannedPart[]): string[] {
  return parts.map(({ name }) => name);
}

function scenariosOfK6(): unknown {
  try {
    return exec.test.options.scenarios;
  } catch {
    return null;
  }
}
