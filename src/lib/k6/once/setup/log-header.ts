import exec from 'k6/execution';
import { isOfLoadStart } from '../../../plan/load-starts.ts';
import { plannedLoad } from '../../../plan/planned-load.ts';
import { encodeHeader } from '../../../samples/sample-header.ts';
import { LOGS_SAMPLES } from '../../engine/setting-text.ts';
import type { SetupRecord } from '../../../summary/setup-record.ts';
import type { PlannedRun } from '../plan-run.ts';
import { contextOf, dimensionsOf, executionSegment } from '../summary-context.ts';

/** Writes the line that says what run the samples belong to, if samples were asked for. */
export function logHeader(run: PlannedRun, setup: SetupRecord): void {
  if (!LOGS_SAMPLES) return;
  const { loadStartsAtMs } = setup;
  const { settings, scenario, parts } = run;
  const line = encodeHeader({
    version: '1',
    scenario: scenario.name,
    zeroWallClockMs: Date.now() - loadStartsAtMs,
    loadStartsAtMs,
    mix: settings.resolved.LLM_MIX,
    seed: settings.seed,
    segment: executionSegment(),
    stages: parts.map((part) =>
      plannedLoad(part, run.schedules.get(part.name) ?? null, run.settings.shape.meanTurns),
    ),
    thresholds: [...thresholdsOf(), ...run.deferred],
    facts: { context: contextOf(run, dimensionsOf(run), {}), setup },
  });
  console.log(line);
}

/** As k6 has them, since options may come from elsewhere than the scenario; but for those that only end the run. */
function thresholdsOf(): { metric: string; expression: string }[] {
  return Object.entries(exec.test.options.thresholds ?? {}).flatMap(([metric, judged]) =>
    (isOfLoadStart(metric) ? [] : judged).map((one) => ({
      metric,
      expression: typeof one === 'string' ? one : one.threshold,
    })),
  );
}
