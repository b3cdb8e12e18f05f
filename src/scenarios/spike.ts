import { defineScenario } from '../lib/k6/define-scenario.ts';
import { SPIKE } from '../lib/load/scenario-parts.ts';

const scenario = defineScenario({ name: 'spike', parts: [SPIKE], profile: 'default', spikePart: 'spike' });

export const { options, setup, handleSummary, scrape } = scenario;
export default scenario.iteration;
