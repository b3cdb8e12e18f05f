import { rateOf, statsOf } from './totals.ts';
import type { PlannedStep } from '../plan/planned-steps.ts';
import { countOf, type K6Data } from './k6-data.ts';
import { submetric } from '../metrics/submetrics.ts';
import type { Step } from './summary.ts';

/**
 * The capacity curve of `breakpoint`: steps that saw at least one request. A step is ok when none of its own
 * thresholds broke; null when it has none.
 */
export function stepsOf(data: K6Data, planned: readonly PlannedStep[]): Step[] | null {
  if (planned.length === 0) return null;
  const steps: Step[] = [];
  for (const { name: step, ratePerSec, durationMs } of planned) {
    const key = (metric: string): string => submetric(metric, { step });
    const started = countOf(data, key('ai_requests_started'));
    if (started === 0) continue;
    steps.push({
      ratePerSec,
      achievedPerSec: started / (durationMs / 1000),
      latencyMs: statsOf(data, key('ai_latency_ms')),
      ttftMs: statsOf(data, key('ai_ttft_ms')),
      errorRatio: rateOf(data, key('error_rate')),
      goodputRatio: rateOf(data, key('ai_goodput')),
      ok: isOk(data, step),
    });
  }
  return steps;
}

function isOk(data: K6Data, step: string): boolean | null {
  const own = data.thresholds.filter(({ metric }) => metric.includes(`step:${step}`));
  return own.length === 0 ? null : own.every(({ ok }) => ok);
}
