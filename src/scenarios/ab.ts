import { abLoad, defineComparison } from 'k6-llm/k6';

const scenario = defineComparison({ name: 'ab', load: abLoad() });

export const { options, setup, handleSummary, scrape } = scenario;
export default scenario;
