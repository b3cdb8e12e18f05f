import { isSettingGiven } from '../engine/setting-text.ts';
import type { Scenario } from '../scenario.ts';

/**
 * With `LLM_HOLD`, a scenario of the same requests under a constant load: here 1/s or one user for 1 ms, which settings
 * scale as they do any load. Without it, the scenario as it is.
 */
export function heldScenario(scenario: Scenario): Scenario {
  if (!isSettingGiven('LLM_HOLD')) return scenario;
  const { spikePart: _spike, hasSteps: _steps, ...rest } = scenario;
  const load: Scenario['parts'][number]['load'] = isSettingGiven('LLM_RATE')
    ? { kind: 'open', stages: [{ durationMs: 1, fromPerSec: 1, toPerSec: 1 }] }
    : {
        kind: 'closed',
        thinkTimeMeanMs: 0,
        expectedLatencyMs: 0,
        stages: [{ durationMs: 1, fromVus: 1, toVus: 1 }],
      };
  return { ...rest, parts: [{ name: scenario.name, load }] };
}
