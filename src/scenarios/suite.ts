import { defineScenario } from '../lib/k6/define-scenario.ts';
import { BASELINE, SPIKE, STRESS } from '../lib/load/scenario-parts.ts';

const scenario = defineScenario({
  name: 'suite',
  parts: [BASELINE, SPIKE, STRESS],
  profile: 'default',
  spikePart: 'spike',
});

export const { options, setup, handleSummary, scrape } = scenario;
export default scenario.iteration;
