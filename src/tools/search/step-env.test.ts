import { expect, test } from 'vitest';
import type { SearchStep } from './search-step.ts';
import { stepEnv } from './step-env.ts';

const STEP: SearchStep = {
  number: 1,
  load: 8,
  length: 'full',
  times: { warmupMs: 2000, holdMs: 30_000, expectedLatencyMs: 450 },
  budgetUsd: null,
  refusesOverBudget: true,
};

function envOf(step: Partial<SearchStep>, seed = 42, env: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  return stepEnv({ ...STEP, ...step }, { by: 'rate', env, seed });
}

test('each step draws prompts of its own, the same in every search of the same seed', () => {
  const seeds = [1, 2, 3].map((number) => envOf({ number })['LLM_SEED']);
  expect(seeds).toEqual(['42', '43', '44']);
  // A number that is exact no more would be one seed for several steps.
  const largest = [2, 3].map((number) => envOf({ number }, Number.MAX_SAFE_INTEGER)['LLM_SEED']);
  expect(new Set(largest).size).toBe(2);
});

test("the load is the step's, whatever the scenario or the environment say", () => {
  const env = envOf({}, 42, { LLM_VUS: '9', LLM_HOLD: '5m', LLM_TIME_SCALE: '0.1', LLM_THRESHOLDS: 'ci' });
  expect(env).toMatchObject({
    LLM_RATE: '8',
    LLM_VUS: '',
    LLM_HOLD: '32s',
    LLM_WARMUP: '2s',
    LLM_TIME_SCALE: '',
    LLM_THRESHOLDS: '',
    LLM_BUDGET_USD: '',
    LLM_EXPECTED_LATENCY: '450ms',
  });
});
