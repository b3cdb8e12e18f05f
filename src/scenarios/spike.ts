import { defineScenario, spikeLoad } from 'k6-llm/k6';

const scenario = defineScenario({ name: 'spike', load: spikeLoad() });

export const { options, setup, handleSummary, scrape } = scenario;
export default scenario;
