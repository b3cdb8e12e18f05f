import { type PercentileEvidence, judgeTrust } from '../../../lib/summary/trust/judge-trust.ts';
import type { Summary, Trust } from '../../../lib/summary/summary.ts';
import { isLagGuard } from '../../../lib/load/due.ts';
import { askedQuantile, measuredSuccesses } from '../../../lib/summary/trust/trust-evidence.ts';
import {
  addedTime,
  addedTimeText,
  type AddedTime,
  type MachineCalibration,
} from '../../calibration/calibration.ts';
import type { Figures } from '../figures/figures.ts';
import { cumulate, Histogram, intervalOf, quantileOf } from '../figures/histogram.ts';
import { thresholdCell } from '../figures/threshold-value.ts';

/** What the launcher saw of the load generator's own health; null where it did not look. */
export type ClientHealth = {
  /** CPU that k6 used at its busiest, of all the machine's cores, 0 to 1. */
  clientCpuRatio: number | null;
  /** CPU that anybody used, likewise. */
  machineCpuRatio: number | null;
  meterLoopDelayP99Ms: number | null;
  /** Of this machine, for this k6; not given where nobody looked. */
  cores?: number;
  /** Memory of k6, bytes, once a second; not given where nobody looked. */
  memoryBytes?: readonly number[];
  /** What the machine adds at many streams (`k6-llm doctor --calibrate`); not given where nobody looked. */
  machine?: MachineCalibration | null;
};

export const UNKNOWN_HEALTH: ClientHealth = {
  clientCpuRatio: null,
  machineCpuRatio: null,
  meterLoopDelayP99Ms: null,
};

/** What the machine added to a run's TTFT; null where that is not known, or there was none. */
export function addedToRun(
  { durationMs }: Pick<Summary, 'durationMs'>,
  figures: Figures,
  { machine = null }: ClientHealth,
): AddedTime | null {
  const { sum, count } = figures.trend('ai_latency_ms');
  if (machine === null || durationMs === null || durationMs <= 0 || count === 0) return null;
  if (figures.trend('ai_ttft_ms').count === 0) return null;
  // Little's law: time that requests took, by time that passed, is how many were under way.
  return addedTime(machine, sum / durationMs);
}

/** Judges trust again, with intervals from the samples and the launcher's own evidence. */
export function trustFrom(summary: Summary, figures: Figures, health: ClientHealth): Trust {
  const { totals } = summary;
  const p99 = (metric: string): number | null => quantileOf(cumulate(figures.trend(metric)), 0.99);
  const { clientCpuRatio, machineCpuRatio, meterLoopDelayP99Ms } = health;
  const added = addedToRun(summary, figures, health);
  const seenMs = quantileOf(cumulate(figures.trend('ai_ttft_ms')), 0.5);
  return judgeTrust({
    requestsFinished: totals.requestsFinished,
    succeeded: measuredSuccesses(summary.metrics, totals),
    warmupRequests: totals.warmup.requests,
    droppedIterations: totals.droppedIterations ?? 0,
    // An older summary.json has none of these fields.
    load: {
      ...summary.load,
      iterations: summary.load.iterations ?? null,
      segment: summary.load.segment ?? null,
    },
    deliveredRatio: summary.load.deliveredRatio ?? null,
    scheduleLagP95Ms: quantileOf(cumulate(figures.trend('ai_schedule_lag_ms')), 0.95),
    scheduleLagP99Ms: p99('ai_schedule_lag_ms'),
    meterHopP99Ms: p99('ai_meter_overhead_ms') ?? summary.metrics['ai_meter_overhead_ms']?.['p(99)'] ?? null,
    percentiles: askedPercentiles(summary, figures),
    addedTtft:
      added === null || seenMs === null
        ? null
        : { addedMs: added.ttftMs, seenMs, sentence: addedTimeText(added) },
    clientCpuRatio,
    machineCpuRatio,
    meterLoopDelayP99Ms,
  });
}

/** The percentiles of ours that thresholds name, once each. */
function askedPercentiles(summary: Summary, figures: Figures): PercentileEvidence[] {
  const asked = new Map<string, PercentileEvidence>();
  for (const { metric, expression } of summary.thresholds) {
    const q = askedQuantile(expression);
    const cell = isLagGuard({ metric, expression }) ? null : thresholdCell(figures, metric);
    if (q === null || !(cell instanceof Histogram)) continue;
    const interval = intervalOf(cumulate(cell), q);
    asked.set(`${metric} ${q}`, { metric, q, count: cell.count, interval });
  }
  return [...asked.values()];
}
