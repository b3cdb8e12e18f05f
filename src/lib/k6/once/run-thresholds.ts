import { setupTimeoutMs } from '../../plan/setup-times.ts';
import { loadStarts } from '../../plan/load-starts.ts';
import type { Dimensions } from '../../metrics/submetrics.ts';
import { loadProfile } from '../../thresholds/load-profile.ts';
import { compileThresholds, type K6Thresholds, joinThresholds } from '../../thresholds/compile-thresholds.ts';
import { K6_METRICS } from '../../metrics/metric-list.ts';
import { isOurs } from '../../thresholds/never-fed.ts';
import { stepThresholds } from '../../thresholds/step-thresholds.ts';
import { parseProfile, type ThresholdProfile } from '../../thresholds/threshold-profile.ts';
import type { ScenarioDefinition } from '../scenario-definition.ts';
import { kindOf } from '../../kinds/kinds.ts';
import { readFile } from './read-file.ts';
import type { PlannedRun } from './plan-run.ts';

/**
 * What this run is judged by: the profile of `LLM_THRESHOLDS`, else the scenario's, checked against the run.
 * Init only.
 *
 * @throws ConfigError for a threshold that k6 would refuse, or that this run could never feed.
 */
export function compileRunThresholds(run: PlannedRun, dimensions: Dimensions): K6Thresholds {
  const { settings, parts, scenario, steps } = run;
  const { profile, place } = profileOf(settings.thresholds, scenario);
  const openParts = parts.flatMap(({ name, load }) => (load.kind === 'open' ? [name] : []));
  const whole = compileThresholds(
    profile,
    {
      ...dimensions,
      textKinds: run.kinds.filter((name) => kindOf(name).answers === 'text'),
      tagsKind: run.tagsKind,
      transport: settings.transport,
      stream: run.streamMode !== 'blocking',
      recordsGaps: settings.recordsGaps,
      scheduled: openParts.length > 0 && settings.arrivals.kind !== 'even',
      openParts,
      hasOwnBehaviour: run.hasOwnBehaviour,
      ownMetrics: ownMetricsOf(scenario),
    },
    place,
  );
  if (steps.length === 0) return whole;
  const ends = steps.map(({ name, startMs, durationMs }) => ({ name, endMs: startMs + durationMs }));
  const startsMs = loadStarts(setupTimeoutMs(settings));
  return joinThresholds(whole, stepThresholds(profile, { steps: ends, startsMs, place }));
}

/** The profile that `LLM_THRESHOLDS` names, else what the scenario says: profiles and thresholds of its own, joined. */
function profileOf(
  named: string | null,
  { name, thresholds = 'default' }: ScenarioDefinition<unknown>,
): { profile: ThresholdProfile; place: string } {
  const load = (profile: string): ThresholdProfile =>
    loadProfile(profile, (path) => readFile(path, 'LLM_THRESHOLDS'));
  if (named !== null) return { profile: load(named), place: `LLM_THRESHOLDS ${named}` };
  if (typeof thresholds === 'string')
    return { profile: load(thresholds), place: `LLM_THRESHOLDS ${thresholds}` };
  const place = `thresholds of ${name}`;
  const given = isList(thresholds) ? thresholds : [thresholds];
  const sets = given.map((one) =>
    typeof one === 'string' ? load(one) : parseProfile({ name, thresholds: one }, place),
  );
  return { profile: { name, thresholds: joinThresholds(...sets.map((set) => set.thresholds)) }, place };
}

/** What the scenario's own thresholds judge beside our metrics and k6's; k6 says which of them are not there. */
function ownMetricsOf({ thresholds = [] }: ScenarioDefinition<unknown>): string[] {
  const sets = isList(thresholds) ? thresholds : [thresholds];
  const keys = sets.flatMap((set) => (typeof set === 'string' ? [] : Object.keys(set)));
  const metrics = keys.map((key) => key.replace(/\{.*$/s, '').trim());
  return metrics.filter(
    (name) => !name.startsWith('ai_') && !isOurs(name) && !Object.hasOwn(K6_METRICS, name),
  );
}

function isList<T>(value: T | readonly T[]): value is readonly T[] {
  return Array.isArray(value);
}
