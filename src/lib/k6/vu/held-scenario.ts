import { rate, users } from '../../load/load-builders.ts';
import { isSettingGiven } from '../engine/setting-text.ts';
import type { ScenarioDefinition } from '../scenario-definition.ts';

/**
 * With `LLM_HOLD`, a scenario of the same requests under a constant load: here 1/s or one user for 1 ms, which settings
 * scale as they do any load. Without it, the scenario as it is.
 */
export function heldScenario<Definition extends ScenarioDefinition<unknown>>(
  definition: Definition,
): Definition {
  if (!isSettingGiven('LLM_HOLD')) return definition;
  return { ...definition, load: isSettingGiven('LLM_RATE') ? rate(1, '1ms') : users(1, '1ms') };
}
