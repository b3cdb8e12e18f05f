import { setupTimeoutMs } from '../../plan/setup-times.ts';
import { loadStarts } from '../../plan/load-starts.ts';
import type { Dimensions } from '../../metrics/submetrics.ts';
import { loadProfile } from '../../thresholds/load-profile.ts';
import {
  compileThresholds,
  type K6Thresholds,
  mergeThresholds,
} from '../../thresholds/compile-thresholds.ts';
import { stepThresholds } from '../../thresholds/step-thresholds.ts';
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
  const named = settings.thresholds ?? scenario.profile;
  const place = `LLM_THRESHOLDS ${named}`;
  const profile = loadProfile(named, (path) => readFile(path, 'LLM_THRESHOLDS'));
  const openParts = parts.flatMap(({ name, load }) => (load.kind === 'open' ? [name] : []));
  const whole = compileThresholds(
    profile,
    {
      ...dimensions,
      transport: settings.transport,
      stream: run.streamMode !== 'blocking',
      recordsGaps: settings.recordsGaps,
      scheduled: openParts.length > 0 && settings.arrivals.kind !== 'even',
      openParts,
    },
    place,
  );
  if (steps.length === 0) return whole;
  const ends = steps.map(({ name, startMs, durationMs }) => ({ name, endMs: startMs + durationMs }));
  const startsMs = loadStarts(setupTimeoutMs(settings));
  return mergeThresholds(whole, stepThresholds(profile, { steps: ends, startsMs, place }));
}
