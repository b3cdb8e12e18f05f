import { defineScenario } from '../lib/k6/define-scenario.ts';
import { STRESS } from '../lib/load/scenario-parts.ts';

const scenario = defineScenario({ name: 'stress', parts: [STRESS], profile: 'default' });

export const { options, setup, handleSummary, scrape } = scenario;
export default scenario.iteration;
