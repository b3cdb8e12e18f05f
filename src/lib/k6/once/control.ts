import { readApiKey } from '../../settings/api-key.ts';
import { metricsHeaders } from '../../request/metrics-headers.ts';
import { buildOptions } from '../../plan/build-options.ts';
import { contextOf, dimensionsOf } from './summary-context.ts';
import { handleSummary } from './handle-summary.ts';
import { settingsOf } from './settings-of.ts';
import { planRun, vuPlanOf } from './plan-run.ts';
import type { Control, MetricsPage } from '../parts.ts';
import { ownText, type ScenarioDefinition } from '../scenario-definition.ts';
import { setUp } from './setup/set-up.ts';
import type { VuPlan } from '../vu/setup-data.ts';
import { compileRunThresholds } from './run-thresholds.ts';

/**
 * Plans a run: its options, its setup, its summary. Init only.
 *
 * @throws ConfigError for the first wrong setting.
 */
export function createControl(scenario: ScenarioDefinition<unknown>, hasOwnBehaviour: boolean): Control {
  const run = planRun(scenario, hasOwnBehaviour);
  const dimensions = dimensionsOf(run);
  const thresholds = compileRunThresholds(run, dimensions);
  return {
    options: buildOptions({ ...run, name: scenario.name, dimensions, thresholds }),
    setup: () => setUp(run),
    handleSummary: (data) =>
      handleSummary(data, contextOf(run, dimensions, thresholds), run.settings.resultsDir),
  };
}

/** The plan of a run without setup (`--no-setup`): the same, only that nobody checked the target. */
export function planWithoutSetup(scenario: ScenarioDefinition<unknown>): VuPlan {
  return vuPlanOf(planRun(scenario, false), { answeredNames: [], correctionRatio: 1 });
}

export { providerSettings, providerTexts } from './list-providers.ts';
export { settingsOf } from './settings-of.ts';
export { loadPricing } from './load-pricing.ts';

/** The server's metrics pages, each with the key that it wants. */
export function metricsPages(definition: ScenarioDefinition<unknown>): MetricsPage[] {
  const settings = settingsOf(definition);
  const { metricsUrls, endpoints, provider } = settings;
  const keys = {
    targetUrl: endpoints.root,
    apiKey: readApiKey(__ENV, provider),
    metricsKey: ownText(definition, 'LLM_METRICS_KEY'),
  };
  return metricsUrls.map((url) => ({ url, headers: metricsHeaders(url, keys) }));
}
