import { compareRuns, type PreparedRun } from '../../src/tools/compare/compare-runs.ts';
import type { DifferenceInterval } from '../../src/tools/compare/difference.ts';
import { type Judgement, judgeRule, parseRules } from '../../src/tools/compare/gate.ts';
import { percentileInterval } from '../../src/tools/statistics/percentile-interval.ts';
import { latencyTrend } from '../../src/tools/insight/drift-finding.ts';
import { rateInterval } from '../../src/tools/statistics/rate-interval.ts';
import { blocksOf } from '../../src/tools/statistics/run-blocks.ts';

/** One rule on one pair, without files and tables. */
export function judgePair(
  first: PreparedRun,
  second: PreparedRun,
  text: string,
): { state: Judgement['state']; interval: DifferenceInterval | null } {
  const [rule] = parseRules([text]);
  if (rule === undefined) throw new Error(`not a rule: "${text}"`);
  const { rows } = compareRuns(first, second, { measures: [rule.measure] });
  const row = rows[0] ?? null;
  return { state: judgeRule(rule, row).state, interval: row?.interval ?? null };
}

/** As many time slices as a report has of a long run. */
const SLICES = 150;

/** What a report says of percentiles of latency; null where it claims no interval. */
export function latencyIntervals(
  { run, raw }: PreparedRun,
  percentiles: readonly number[],
): ({ low: number; high: number } | null)[] {
  const trend = blocksOf(run, { raw, blockCount: SLICES }).trend('ai_latency_ms', null);
  return percentiles.map((q) => {
    const found = trend === null ? null : percentileInterval(trend, q);
    return found?.kind === 'bounds' ? found : null;
  });
}

/** What a report says of the error rate; null where it claims no interval. */
export function errorInterval({ run, raw }: PreparedRun): { low: number; high: number } | null {
  const tally = blocksOf(run, { raw, blockCount: SLICES }).tally('error_rate', null);
  const found = tally === null ? null : rateInterval(tally);
  return found?.kind === 'bounds' ? found : null;
}

/** Whether a soak's report says that latency drifts: null where it says that it cannot tell. */
export function hasDrift(points: readonly { atMs: number; value: number }[]): boolean | null {
  const trend = latencyTrend(points, 0)?.trend;
  return trend?.kind === 'told' ? trend.isReal : null;
}
