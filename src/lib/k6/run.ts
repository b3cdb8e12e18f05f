import { digestOfOptions, readSettings, type Settings } from '../config/settings.ts';
import { type PlannedPart, planParts } from '../plan.ts';
import type { Pricing } from '../pricing.ts';
import type { Part } from '../profiles.ts';
import { type Slo, visibleSlo } from '../slo.ts';
import { type PlannedStep, plannedSteps } from '../summary/steps.ts';
import { type SpikeTimes, spikeTimes } from '../windows.ts';
import { loadPricing } from './prices.ts';

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
};

/** Everything about this run that is known at init, the same in every VU. */
export type Run = {
  scenario: Scenario;
  settings: Settings;
  parts: readonly PlannedPart[];
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
  const settings = readSettings(__ENV);
  const parts = planParts(scenario.parts, settings);
  const spikePart = parts.find(({ name }) => name === scenario.spikePart);
  const seesEventTimes = settings.stream && settings.transport !== 'http';
  return {
    scenario,
    settings,
    parts,
    slo: visibleSlo(settings.slo, { eventTimes: seesEventTimes }),
    pricing: loadPricing(settings),
    seesEventTimes,
    optionsDigest: digestOfOptions(settings.resolved),
    spike: spikePart === undefined ? null : spikeTimes(spikePart),
    steps: scenario.hasSteps === true ? plannedSteps(parts) : [],
  };
}
