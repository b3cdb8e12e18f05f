import type { ClosedStage, Load } from '../load/load.ts';
import { isRecord } from '../parse/json.ts';
import { durationMs } from '../parse/values.ts';

/** What a load is asked to be, before anybody has seen what came of it. */
export type LoadOfK6 = { model: 'open' | 'closed' | 'iterations'; iterations: number | null };

/**
 * The load that k6 makes in place of a scenario's own, where its flags or its environment say so (`--vus`, `--duration`,
 * `--iterations`, `--stage`, `K6_DURATION`): k6 then leaves out all the scenarios of a script. null where it makes ours.
 *
 * @param scenarios k6's options as it consolidated them.
 * @param own names of the scenario's own parts.
 */
export function loadInPlaceOfOurs(scenarios: unknown, own: readonly string[]): LoadOfK6 | null {
  const executors = othersThan(own, scenarios);
  if (executors === null) return null;
  const named = executors.map(({ executor }) => executor);
  const counts = executors.map(iterationsOf);
  const iterations = counts.every((count) => count === null)
    ? null
    : counts.reduce((sum: number, count) => sum + (count ?? 0), 0);
  if (named.some((name) => String(name).endsWith('-arrival-rate'))) return { model: 'open', iterations };
  return { model: iterations === null ? 'closed' : 'iterations', iterations };
}

/**
 * The same as loads, one for each executor, to forecast what they ask. null where k6 makes ours, and where one of them is
 * not known.
 *
 * @param pace of users.
 */
export function forecastableLoads(
  scenarios: unknown,
  own: readonly string[],
  pace: { thinkTimeMeanMs: number; expectedLatencyMs: number },
): Load[] | null {
  const executors = othersThan(own, scenarios);
  if (executors === null) return null;
  const loads = executors.flatMap((executor): Load[] => {
    const count = iterationsOf(executor);
    if (count !== null) return [{ kind: 'iterations', count }];
    const stages = stagesOf(executor);
    return stages === null ? [] : [{ kind: 'closed', stages, ...pace }];
  });
  return loads.length === executors.length ? loads : null;
}

type Executor = Readonly<Record<string, unknown>>;

/** What k6 runs; null where that is our own. */
function othersThan(own: readonly string[], scenarios: unknown): Executor[] | null {
  if (!isRecord(scenarios)) return null;
  const names = Object.keys(scenarios);
  if (names.length === 0 || own.every((name) => names.includes(name))) return null;
  return Object.values(scenarios).filter(isRecord);
}

/** Of users; null for any other executor. */
function stagesOf({ executor, vus, startVUs, duration, stages }: Executor): ClosedStage[] | null {
  if (executor === 'constant-vus') {
    const users = count(vus);
    return [{ durationMs: lengthMs(duration), fromVus: users, toVus: users }];
  }
  if (executor !== 'ramping-vus' || !Array.isArray(stages)) return null;
  let fromVus = count(startVUs);
  return stages.filter(isRecord).map((stage) => {
    const from = fromVus;
    fromVus = count(stage['target']);
    return { durationMs: lengthMs(stage['duration']), fromVus: from, toVus: fromVus };
  });
}

/** k6 gives a duration as in `1m30s`. */
function lengthMs(duration: unknown): number {
  return durationMs({ min: 0, max: Number.MAX_SAFE_INTEGER, example: '30s' })(String(duration), 'duration');
}

/** k6 gives null for its defaults, which are 1. */
function count(value: unknown): number {
  return typeof value === 'number' ? value : 1;
}

/** How many iterations an executor is to begin; null where only its time, or its rate, is known. */
function iterationsOf({ executor, iterations, vus }: Executor): number | null {
  if (executor === 'shared-iterations') return count(iterations);
  return executor === 'per-vu-iterations' ? count(iterations) * count(vus) : null;
}
