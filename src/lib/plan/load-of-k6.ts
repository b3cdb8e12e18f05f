import { isRecord } from '../parse/json.ts';

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
  if (!isRecord(scenarios)) return null;
  const names = Object.keys(scenarios);
  if (names.length === 0 || own.every((name) => names.includes(name))) return null;
  const executors = Object.values(scenarios).filter(isRecord);
  const named = executors.map(({ executor }) => executor);
  const counts = executors.map(iterationsOf);
  const iterations = counts.every((count) => count === null)
    ? null
    : counts.reduce((sum: number, count) => sum + (count ?? 0), 0);
  if (named.some((name) => String(name).endsWith('-arrival-rate'))) return { model: 'open', iterations };
  return { model: iterations === null ? 'closed' : 'iterations', iterations };
}

/** How many iterations an executor is to begin; null where only its time, or its rate, is known. */
function iterationsOf({ executor, iterations, vus }: Readonly<Record<string, unknown>>): number | null {
  // k6 gives null for its defaults, which are 1.
  const count = (value: unknown): number => (typeof value === 'number' ? value : 1);
  if (executor === 'shared-iterations') return count(iterations);
  return executor === 'per-vu-iterations' ? count(iterations) * count(vus) : null;
}
