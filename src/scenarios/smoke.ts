import { defineScenario } from '../lib/k6/define-scenario.ts';
import { SMOKE } from '../lib/load/scenario-parts.ts';

const scenario = defineScenario({ name: 'smoke', parts: [SMOKE], profile: 'default' });

export const { options, setup, handleSummary, scrape } = scenario;
export default scenario.iteration;
