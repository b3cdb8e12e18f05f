import { breakpointLoad, defineScenario } from 'k6-llm/k6';

const scenario = defineScenario({ name: 'breakpoint', load: breakpointLoad() });

export const { options, setup, handleSummary, scrape } = scenario;
export default scenario;
