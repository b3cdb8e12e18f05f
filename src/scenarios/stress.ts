import { defineScenario } from '../lib/k6/scenario.ts';
import { STRESS } from '../lib/profiles.ts';

const scenario = defineScenario({ name: 'stress', parts: [STRESS], profile: 'default' });

export const { options, setup, handleSummary, scrape } = scenario;
export default scenario.iteration;
