import { defineScenario } from '../lib/k6/define-scenario.ts';
import { BASELINE } from '../lib/load/scenario-parts.ts';

const scenario = defineScenario({ name: 'baseline', parts: [BASELINE], profile: 'default' });

export const { options, setup, handleSummary, scrape } = scenario;
export default scenario.iteration;
