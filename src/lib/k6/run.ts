import type { Settings, VuSettings } from '../settings/settings.ts';
import type { Load } from '../load/load.ts';
import type { Schedule } from '../plan/planned-parts.ts';
import type { LoadPart } from '../load/profiles.ts';
import type { PromptPicker } from '../prompts/prompt.ts';
import { createBuiltInPicker, createIndexPicker } from '../prompts/built-in-prompts.ts';
import { decodePrompt } from '../prompts/dataset/stored-prompt.ts';
import type { Slo } from '../figures/slo.ts';
import type { PlannedStep } from '../plan/planned-steps.ts';
import type { Task } from '../prompts/tasks.ts';
import type { SpikeTimes } from '../plan/spike-windows.ts';
import { settingText } from './engine/environment.ts';
import { control, synthetic } from './parts.ts';
import { openSchedule, type SharedData } from './vu/shared-data.ts';
import { type KnownPrices, pricingFrom, type VuPricing } from './vu/vu-pricing.ts';

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

/**
 * What setup hands to every VU: the settings as read once, without what is secret, and what was worked out from
 * them. Plain JSON, as k6 carries it.
 */
export type VuPlan = {
  settings: Omit<VuSettings, 'extraHeaders'>;
  parts: readonly { name: string; kind: Load['kind'] }[];
  /** Empty for scenarios that ask the mix. */
  tasks: readonly Task[];
  /** The SLO terms that the transport can judge. */
  slo: Slo;
  /** null for scenarios without a spike. */
  spike: SpikeTimes | null;
  /** Empty for scenarios without steps. */
  steps: readonly PlannedStep[];
  prices: KnownPrices;
  /** What wanted prompt lengths are multiplied by, so that this server counts them right. */
  correctionRatio: number;
};

/** The run as a VU sees it. */
export type Run = Omit<VuPlan, 'settings' | 'prices'> & {
  scenario: Scenario;
  settings: VuSettings;
  /** Of the parts whose requests k6 does not space itself, by the part's name. */
  schedules: ReadonlyMap<string, Schedule>;
  prompts: PromptPicker;
  pricing: VuPricing;
};

/** The run from setup's word. Headers and addresses that hold secrets come from this VU's own environment. */
export function runFrom(scenario: Scenario, plan: VuPlan, shared: SharedData): Run {
  const headersText = settingText('LLM_EXTRA_HEADERS');
  const extraHeaders: unknown = headersText === '' ? {} : JSON.parse(headersText);
  // k6 gives each VU a copy of its own, so nothing is copied once more.
  const settings = Object.assign(plan.settings, { extraHeaders: extraHeaders as Settings['extraHeaders'] });
  if (settings.endpoints.chatUrl === '') {
    const { endpoints, meterUrl } = control().readSettings(__ENV);
    settings.endpoints = endpoints;
    settings.meterUrl = meterUrl;
  }
  return {
    ...plan,
    scenario,
    settings,
    schedules: new Map([...shared.schedules].map(([name, stored]) => [name, openSchedule(stored)])),
    prompts: promptsOf(settings, shared, plan.correctionRatio),
    pricing: pricingFrom(plan.prices, settings, shared.pricesText),
  };
}

/** The user's file, synthetic prompts of a wanted length, or the built-in ones. */
export function promptsOf(
  settings: VuSettings,
  { dataset }: SharedData,
  correctionRatio: number,
): PromptPicker {
  const { inputTokens, turns, seed } = settings;
  if (dataset !== null) {
    const pickIndex = createIndexPicker(dataset.length, seed);
    return { pick: (requestIndex) => decodePrompt(dataset[pickIndex(requestIndex)] ?? '') };
  }
  return inputTokens === null
    ? createBuiltInPicker(seed)
    : synthetic().createSyntheticPicker({ inputTokens, turns, correctionRatio, seed });
}
