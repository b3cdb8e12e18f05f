import { defineScenario, smokeLoad } from 'k6-llm/k6';

const scenario = defineScenario({ name: 'smoke', load: smokeLoad() });

export const { options, setup, handleSummary, scrape } = scenario;
export default scenario;
