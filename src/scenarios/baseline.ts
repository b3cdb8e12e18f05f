import { defineScenario } from '../lib/k6/scenario.ts';
import { BASELINE } from '../lib/profiles.ts';

const scenario = defineScenario({ name: 'baseline', parts: [BASELINE], profile: 'default' });

export const { options, setup, handleSummary, scrape } = scenario;
export default scenario.iteration;
