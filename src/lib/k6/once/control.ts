import { nextLoadStart, startTag } from '../../plan/load-starts.ts';
import { readApiKey } from '../../settings/api-key.ts';
import { metricsHeaders } from '../../request/metrics-headers.ts';
import { buildOptions } from '../../plan/build-options.ts';
import { contextOf, dimensionsOf } from './summary-context.ts';
import { handleSummary } from './handle-summary.ts';
import { settingsOf } from './settings-of.ts';
import { type PlannedRun, planRun, vuPlanOf } from './plan-run.ts';
import type { Control, MetricsPage } from '../parts.ts';
import { ownText, type ScenarioDefinition } from '../scenario-definition.ts';
import { setUp } from './setup/set-up.ts';
import type { VuSetup } from '../vu/setup-data.ts';
import { deferJudging } from '../../thresholds/defer-judging.ts';
import { compileRunThresholds } from './run-thresholds.ts';

/**
 * Plans a run: its options, its setup, its summary. Init only.
 *
 * @throws ConfigError for the first wrong setting.
 */
export function createControl(scenario: ScenarioDefinition<unknown>, hasOwnBehaviour: boolean): Control {
  const planned = planRun(scenario, hasOwnBehaviour);
  const dimensions = dimensionsOf(planned);
  const compiled = compileRunThresholds(planned, dimensions);
  const { thresholds, deferred, percentiles } = isPart(planned)
    ? deferJudging(compiled)
    : { thresholds: compiled, deferred: [], percentiles: [] };
  const run = { ...planned, deferred };
  return {
    options: buildOptions({ ...run, name: scenario.name, dimensions, thresholds, percentiles }),
    setup: () => setUp(run),
    handleSummary: (data) =>
      handleSummary(data, contextOf(run, dimensions, thresholds), run.settings.resultsDir),
  };
}

/** One of several: on a machine of its own, or beside others of one launcher, which has divided the budget already. */
function isPart({ settings }: PlannedRun): boolean {
  return (settings.shard?.parts ?? 1) > 1 || (__ENV['LLM_START_GATE'] ?? '') !== '';
}

/** What VUs are told by a run without setup (`--no-setup`): the same plan, only that nobody checked the target. */
export function planWithoutSetup(scenario: ScenarioDefinition<unknown>): VuSetup {
  const plan = vuPlanOf(planRun(scenario, false), { answeredNames: [], correctionRatio: 1 });
  return {
    loadStartsAtMs: 0,
    loadStart: startTag(nextLoadStart(0)),
    plan,
    adaptations: {},
    providers: plan.providers?.map(({ name }) => ({ name, adaptations: {} })) ?? null,
    keySource: 'environment',
  };
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
