import { defineScenario, soakLoad } from 'k6-llm/k6';

const scenario = defineScenario({ name: 'soak', load: soakLoad() });

export const { options, setup, handleSummary, scrape } = scenario;
export default scenario;
