import { K6_METRICS } from '../metrics/metric-list.ts';
import { submetric } from '../metrics/submetrics.ts';
import { isOurs } from '../thresholds/never-fed.ts';
import { countOf, type K6Data, valueOf } from './k6-data.ts';
import { isOfStep } from './step-evidence.ts';
import type { ThresholdResult } from './summary.ts';

/**
 * k6's verdicts without those on nothing: k6 passes a threshold that got no sample. One on a Trend or a Rate judges
 * nothing then; one on a Counter is met by a whole run, and not judged by one that was stopped, or in a step that was
 * not reached. What k6 failed stays failed: the guards.
 */
export function judgedThresholds(data: K6Data, isWholeRun: boolean): ThresholdResult[] {
  return data.thresholds.map((threshold) => {
    const { metric, ok } = threshold;
    const isJudged =
      !ok || hasSample(data, metric) || (isCounter(data, metric) && isWhole(data, metric, isWholeRun));
    return isJudged ? threshold : { ...threshold, ok: null };
  });
}

/** Holds whatever came, and nothing: whoever writes it beside a threshold wants no guard. */
const WANTS_NO_GUARD: readonly string[] = ['rate>=0', 'max>=0'];

/**
 * Thresholds of a whole run that judged nothing, and that no guard stands beside: k6 cannot count the samples of a Rate of
 * somebody's own, nor those of a check by its name. What cannot judge is no pass.
 */
export function unguarded(thresholds: readonly ThresholdResult[]): ThresholdResult[] {
  return thresholds.filter(({ metric, ok }) => {
    if (ok !== null || isOfStep(metric) || hasGuard(metric)) return false;
    const beside = thresholds.filter((other) => other.metric === metric);
    const isTold = beside.some((other) => other.ok === false);
    return (
      !isTold && !beside.some(({ expression }) => WANTS_NO_GUARD.includes(expression.replace(/\s/g, '')))
    );
  });
}

/** Ours and k6's have a Counter that tells whether they got anything (`compileThresholds`). */
function hasGuard(metric: string): boolean {
  const [name = ''] = metric.split('{');
  return name === 'checks' ? name === metric : isOurs(name) || Object.hasOwn(K6_METRICS, name);
}

function hasSample(data: K6Data, metric: string): boolean {
  const values = data.metrics[metric];
  // k6 always gives some; who made its data from samples knows what it judged.
  if (values === undefined || Object.keys(values).length === 0) return true;
  // Of a Rate, k6 tells hits and misses; of a Gauge, nothing of how often.
  if (isRate(data, metric)) return (values['passes'] ?? 0) + (values['fails'] ?? 0) > 0;
  return 'count' in values ? (values['count'] ?? 0) > 0 : 'value' in values;
}

function isRate(data: K6Data, metric: string): boolean {
  return valueOf(data, metric, 'passes') !== null;
}

function isCounter(data: K6Data, metric: string): boolean {
  const values = data.metrics[metric];
  return values !== undefined && 'count' in values && !('avg' in values);
}

function isWhole(data: K6Data, metric: string, isWholeRun: boolean): boolean {
  const step = /[{,]step:([^,}]*)/.exec(metric)?.[1];
  return step === undefined ? isWholeRun : countOf(data, submetric('ai_requests_started', { step })) > 0;
}
