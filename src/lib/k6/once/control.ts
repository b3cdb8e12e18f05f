import { buildOptions } from '../../plan/k6-options.ts';
import { contextOf, dimensionsOf } from './summary-context.ts';
import { handleSummary } from './handle-summary.ts';
import { planRun, vuPlanOf } from './plan-run.ts';
import type { Scenario, VuPlan } from '../run.ts';
import { setUp } from './setup/set-up.ts';
import type { SetupData } from '../vu/setup-data.ts';
import { compileRunThresholds } from './run-thresholds.ts';

/** What happens once a run, outside the VUs that make the load. */
export type Control = {
  options: Record<string, unknown>;
  setup: () => Promise<SetupData>;
  handleSummary: (data: unknown) => Record<string, string>;
};

/**
 * Plans a run: its options, its setup, its summary. Init only.
 *
 * @throws ConfigError for the first wrong setting.
 */
export function createControl(scenario: Scenario): Control {
  const run = planRun(scenario);
  const dimensions = dimensionsOf(run);
  return {
    options: buildOptions({
      ...run,
      name: scenario.name,
      dimensions,
      thresholds: compileRunThresholds(run, dimensions),
    }),
    setup: () => setUp(run),
    handleSummary: (data) => handleSummary(data, contextOf(run, dimensions), run.settings.resultsDir),
  };
}

/** The plan of a run without setup (`--no-setup`): the same, only that nobody checked the target. */
export function planWithoutSetup(scenario: Scenario): VuPlan {
  return vuPlanOf(planRun(scenario), { answeredNames: [], correctionRatio: 1 });
}

export { readSettings } from '../../settings/settings.ts';
export { loadPricing } from './load-pricing.ts';
