import type { SettingName } from '../config/catalog.ts';
import { digestOfOptions, readSettings, type Settings } from '../config/settings.ts';
import { type PlannedPart, planParts } from '../plan.ts';
import type { Pricing } from '../pricing.ts';
import type { Part } from '../profiles.ts';
import type { PromptPicker } from '../prompts.ts';
import { type Slo, visibleSlo } from '../slo.ts';
import { type PlannedStep, plannedSteps } from '../summary/steps.ts';
import { mixOfTasks, type Task, withModelsOf } from '../tasks.ts';
import { type SpikeTimes, spikeTimes } from '../windows.ts';
import { loadPricing } from './prices.ts';
import { loadPrompts } from './prompts.ts';
import { loadSchedule, type Schedule } from './schedule.ts';

/** What a scenario is, before settings: one object a file in `src/scenarios`. */
export type Scenario = {
  name: string;
  parts: readonly Part[];
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

/** Everything about this run that is known at init, the same in every VU. */
export type Run = {
  scenario: Scenario;
  settings: Settings;
  parts: readonly PlannedPart[];
  /** Of the parts whose requests k6 does not space itself, by the part's name. */
  schedules: ReadonlyMap<string, Schedule>;
  prompts: PromptPicker;
  /** Empty for scenarios that ask the mix. */
  tasks: readonly Task[];
  /** The SLO terms that the transport can judge. */
  slo: Slo;
  pricing: Pricing;
  /** Whether the transport sees when events arrive. */
  seesEventTimes: boolean;
  optionsDigest: string;
  /** null for scenarios without a spike. */
  spike: SpikeTimes | null;
  /** Empty for scenarios without steps. */
  steps: readonly PlannedStep[];
};

/**
 * Reads the settings and plans the run. Called at init, in every VU.
 *
 * @throws ConfigError for the first wrong setting.
 */
export function planRun(scenario: Scenario): Run {
  const { settings, tasks } = adaptTo(scenario, readSettings(__ENV));
  const schedules = new Map<string, Schedule>();
  const parts = planParts(scenario.parts, settings, (part, load) => {
    if (settings.arrivals.kind === 'even') return null;
    const schedule = loadSchedule(part, load, settings);
    schedules.set(part.name, schedule);
    return schedule;
  });
  const spikePart = parts.find(({ name }) => name === scenario.spikePart);
  const seesEventTimes = settings.stream && settings.transport !== 'http';
  return {
    scenario,
    settings,
    parts,
    schedules,
    prompts: loadPrompts(settings),
    tasks,
    slo: visibleSlo(settings.slo, { eventTimes: seesEventTimes }),
    pricing: loadPricing(settings),
    seesEventTimes,
    optionsDigest: digestOfOptions(settings.resolved),
    spike: spikePart === undefined ? null : spikeTimes(spikePart),
    steps: scenario.hasSteps === true ? plannedSteps(parts) : [],
  };
}

/** The settings with the scenario's own mix and pause, where the user set none. */
function adaptTo(
  { tasks = [], thinkTime }: Scenario,
  settings: Settings,
): { settings: Settings; tasks: readonly Task[] } {
  const own = thinkTime === undefined || isSet('LLM_THINK_TIME') ? settings : { ...settings, thinkTime };
  if (tasks.length === 0) return { settings: own, tasks };
  const chosen = isSet('LLM_MIX') ? withModelsOf(tasks, settings.mix) : tasks;
  return { settings: { ...own, mix: mixOfTasks(chosen) }, tasks: chosen };
}

function isSet(name: SettingName): boolean {
  return (__ENV[name] ?? '').trim() !== '';
}
