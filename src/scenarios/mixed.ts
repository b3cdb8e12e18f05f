import { defineScenario, MIXED_TASKS, mixedLoad } from 'k6-llm/k6';

const scenario = defineScenario(
  { name: 'mixed', load: mixedLoad(), pause: '1s-3s', tasks: MIXED_TASKS },
  (user) => {
    user.ask(user.task());
    user.pause();
  },
);

export const { options, setup, handleSummary, scrape } = scenario;
export default scenario;
