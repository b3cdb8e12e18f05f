import { defineScenario } from '../lib/k6/define-scenario.ts';
import { doTask } from '../lib/k6/vu/do-task.ts';
import { MIXED } from '../lib/load/scenario-parts.ts';
import { MIXED_TASKS } from '../lib/prompts/tasks.ts';

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
