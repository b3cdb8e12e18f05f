import { type Slo, visibleSlo } from '../../figures/slo.ts';
import type { Settings, VuSettings } from '../../settings/settings.ts';
import type { Schedule } from '../../plan/planned-parts.ts';
import { promptOf, type PromptPicker } from '../../prompts/prompt.ts';
import { createBuiltInPicker } from '../../prompts/built-in-picker.ts';
import { createRowOrder } from '../../prompts/row-order.ts';
import { decodePrompt } from '../../prompts/dataset/encode-prompt.ts';
import { arrivals, control, sessions, synthetic } from '../parts.ts';
import type { ProviderFile } from '../provider-file.ts';
import { ownText, type ScenarioDefinition } from '../scenario-definition.ts';
import type { VuPlan } from './setup-data.ts';
import type { SharedData } from './shared-data.ts';
import { pricingFrom, type VuPricing } from './vu-pricing.ts';

/** The run as a VU sees it. */
export type Run = Omit<VuPlan, 'settings' | 'prices'> & {
  scenario: ScenarioDefinition<unknown>;
  /** Sessions as they are stored; null: prompts are sent. */
  sessionRows: readonly string[] | null;
  settings: VuSettings;
  /** Of the parts whose requests k6 does not space itself, by the part's name. */
  schedules: ReadonlyMap<string, Schedule>;
  prompts: PromptPicker;
  pricing: VuPricing;
  /** null: there is one target. */
  providerFile: ProviderFile | null;
  /** The SLO's terms that hold for answers without tokens of their own. */
  latencySlo: Slo;
};

/** Rows that are sessions begin with one of their figures (src/lib/prompts/session/stored-session.ts). */
function areSessions(rows: readonly string[] | null): boolean {
  return rows?.[0]?.charAt(0) === 'S';
}

/** The run from setup's word. Headers and addresses that hold secrets come from this VU's own environment. */
export function runFrom(scenario: ScenarioDefinition<unknown>, plan: VuPlan, shared: SharedData): Run {
  const headersText = ownText(scenario, 'LLM_EXTRA_HEADERS');
  const extraHeaders: unknown = headersText === '' ? {} : JSON.parse(headersText);
  // k6 gives each VU a copy of its own, so nothing is copied once more.
  const settings = Object.assign(plan.settings, { extraHeaders: extraHeaders as Settings['extraHeaders'] });
  if (settings.endpoints.root === '') {
    const { endpoints, meterUrl } = control().settingsOf(scenario);
    settings.endpoints = endpoints;
    settings.meterUrl = meterUrl;
  }
  return {
    ...plan,
    scenario,
    settings,
    latencySlo: visibleSlo(plan.slo, { eventTimes: false }),
    schedules: shared.schedules.size === 0 ? new Map() : arrivals().openSchedules(shared.schedules),
    prompts: promptsOf(scenario, settings, {
      dataset: shared.dataset,
      correctionRatio: plan.correctionRatio,
    }),
    sessionRows: areSessions(shared.dataset) ? shared.dataset : null,
    providerFile: shared.providerFile,
    pricing: pricingFrom(plan.prices, settings, shared.pricesText),
  };
}

/** The user's file, synthetic prompts of a wanted length, the scenario's own, or the built-in ones. */
export function promptsOf(
  { prompts }: ScenarioDefinition<unknown>,
  settings: VuSettings,
  { dataset, correctionRatio }: Pick<SharedData, 'dataset'> & { correctionRatio: number },
): PromptPicker {
  const { inputTokens, turns, seed } = settings;
  // What is asked beside its sessions begins as they do.
  if (dataset !== null && areSessions(dataset)) return sessions().firstTurns(dataset, seed);
  if (dataset !== null) {
    const rowAt = createRowOrder(dataset.length, seed);
    return {
      pick: (requestIndex) => {
        // One VU of all gets this request; forecasts, which ask in setup, are no requests.
        if (requestIndex === dataset.length && __VU > 0) console.warn(secondTime(dataset.length));
        return decodePrompt(dataset[rowAt(requestIndex)] ?? '');
      },
    };
  }
  if (inputTokens !== null)
    return synthetic().createSyntheticPicker({ inputTokens, turns, correctionRatio, seed });
  return typeof prompts === 'object' ? pickerOf(prompts, seed) : createBuiltInPicker(seed);
}

/** Each text once before any comes again. */
function pickerOf(texts: readonly string[], seed: number): PromptPicker {
  const rowAt = createRowOrder(texts.length, seed);
  const prompts = texts.map(promptOf);
  return { pick: (requestIndex) => prompts[rowAt(requestIndex)] ?? promptOf('') };
}

function secondTime(rows: number): string {
  return `LLM_DATASET: all ${rows} rows have come once and now come again, which a prompt cache notices`;
}
