import { defineScenario } from '../lib/k6/define-scenario.ts';
import { SOAK } from '../lib/load/scenario-parts.ts';

const scenario = defineScenario({ name: 'soak', parts: [SOAK], profile: 'default' });

export const { options, setup, handleSummary, scrape } = scenario;
export default scenario.iteration;
