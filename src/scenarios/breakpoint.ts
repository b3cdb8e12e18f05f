import { defineScenario } from '../lib/k6/define-scenario.ts';
import { BREAKPOINT } from '../lib/load/scenario-parts.ts';

const scenario = defineScenario({
  name: 'breakpoint',
  parts: [BREAKPOINT],
  profile: 'default',
  hasSteps: true,
});

export const { options, setup, handleSummary, scrape } = scenario;
export default scenario.iteration;
