import { defineScenario } from '../../src/lib/k6/define-scenario.ts';

/** All users from the first moment on, as the other tools start them. `LLM_VUS` users for 100 s x `LLM_TIME_SCALE`. */
const scenario = defineScenario({
  name: 'steady',
  parts: [
    {
      name: 'steady',
      load: {
        kind: 'closed',
        thinkTimeMeanMs: 0,
        expectedLatencyMs: 1000,
        stages: [{ durationMs: 100_000, fromVus: 100, toVus: 100 }],
      },
    },
  ],
  profile: 'default',
  thinkTime: { minMs: 0, maxMs: 0 },
});

export const { options, setup, handleSummary } = scenario;
export default scenario.iteration;
