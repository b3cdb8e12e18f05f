import { formatDuration } from '../../lib/parse/values.ts';
import type { SearchStep } from './search-step.ts';

/**
 * The step's load in place of the scenario's own, and a seed of its own: prompts that come again would be answered from
 * the server's prompt cache, and a step tried again would meet the same chance.
 */
export function stepEnv(
  { number, load, times, budgetUsd, refusesOverBudget }: SearchStep,
  { by, env, seed }: { by: 'rate' | 'vus'; env: NodeJS.ProcessEnv; seed: number },
): NodeJS.ProcessEnv {
  const latency =
    times.expectedLatencyMs === null || (env['LLM_EXPECTED_LATENCY'] ?? '').trim() !== ''
      ? {}
      : { LLM_EXPECTED_LATENCY: formatDuration(times.expectedLatencyMs) };
  return {
    ...env,
    ...latency,
    LLM_RATE: by === 'rate' ? String(load) : '',
    LLM_VUS: by === 'vus' ? String(load) : '',
    LLM_HOLD: formatDuration(times.warmupMs + times.holdMs),
    LLM_WARMUP: formatDuration(times.warmupMs),
    LLM_SEED: String(seedOf(seed, number)),
    LLM_TIME_SCALE: '',
    LLM_START_AT: '',
    // What a run is judged by may end it early; a search judges for itself.
    LLM_THRESHOLDS: '',
    LLM_BUDGET_USD: budgetUsd === null ? '' : String(Number(budgetUsd.toPrecision(9))),
    LLM_BUDGET_MODE: refusesOverBudget && budgetUsd !== null ? 'refuse' : '',
  };
}

function seedOf(seed: number, number: number): number {
  const own = seed + number - 1;
  return Number.isSafeInteger(own) ? own : number;
}
