import { defineScenario } from '../lib/k6/scenario.ts';
import { doTask } from '../lib/k6/task-iteration.ts';
import { MIXED } from '../lib/profiles.ts';
import { MIXED_TASKS } from '../lib/tasks.ts';

const scenario = defineScenario(
  {
    name: 'mixed',
    parts: [MIXED],
    profile: 'default',
    tasks: MIXED_TASKS,
    thinkTime: { minMs: 1000, maxMs: 3000 },
  },
  doTask,
);

export const { options, setup, handleSummary, scrape } = scenario;
export default scenario.iteration;
