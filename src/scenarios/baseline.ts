import { baselineLoad, defineScenario } from 'k6-llm/k6';

const scenario = defineScenario({ name: 'baseline', load: baselineLoad() });

export const { options, setup, handleSummary, scrape } = scenario;
export default scenario;
