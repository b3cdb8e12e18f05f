import { define, type K6Scenario } from './define-scenario.ts';
import type { ScenarioDefinition } from './scenario-definition.ts';
import { openProviders } from './vu/open-providers.ts';

/**
 * Defines a scenario that asks every provider of `LLM_PROVIDERS` each prompt, in an order drawn from the seed, so that
 * they can be compared pair by pair (`k6-llm ab`).
 */
export function defineComparison(
  definition: Pick<ScenarioDefinition, 'name' | 'load' | 'thresholds' | 'slo' | 'pause' | 'settings'>,
): K6Scenario {
  return define({ ...definition, openProviders }, 'comparison');
}
