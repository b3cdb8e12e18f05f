import type { LoadPart } from '../load/scenario-parts.ts';
import type { Task } from '../prompts/tasks.ts';
import type { Settings } from '../settings/settings.ts';

/** What a scenario is, before settings: one object a file in `src/scenarios`. */
export type Scenario = {
  name: string;
  parts: readonly LoadPart[];
  /** The threshold profile when `LLM_THRESHOLDS` is not set. */
  profile: string;
  /** The part whose requests carry `window`: it has a spike to recover from. */
  spikePart?: string;
  /** Each stage is a step, judged by itself: its requests carry `step`. */
  hasSteps?: true;
  /** Users do these instead of asking the mix. */
  tasks?: readonly Task[];
  /** When `LLM_THINK_TIME` is not set. */
  thinkTime?: Settings['thinkTime'];
};
