import { defineScenario, users } from 'k6-llm/k6';

/** All users from the first moment on, as the other tools start them. `LLM_VUS` users for 100 s x `LLM_TIME_SCALE`. */
const scenario = defineScenario({ name: 'steady', load: users(100, '100s'), pause: '0s' });

export const { options, setup, handleSummary, scrape } = scenario;
export default scenario;
