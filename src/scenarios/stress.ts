import { defineScenario, stressLoad } from 'k6-llm/k6';

const scenario = defineScenario({ name: 'stress', load: stressLoad() });

export const { options, setup, handleSummary, scrape } = scenario;
export default scenario;
