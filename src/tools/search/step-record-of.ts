import { MAX_LAG_P99_MS } from '../../lib/load/due.ts';
import { clientBoundReasons } from '../../lib/summary/trust/judge-trust.ts';
import { Histogram, statsFrom } from '../results/figures/histogram.ts';
import type { Figures } from '../results/figures/figures.ts';
import type { RunData } from '../results/read/run-data.ts';
import type { CpuUse } from '../machine/cpu-use.ts';
import type { Drive, StepPercentiles, StepRecord } from './step-record.ts';
import type { StepSamples } from './step-samples.ts';
import type { StepSpan } from './step-length.ts';

/** Arrivals that may be missing, however few there are: k6 rounds their number down. */
const MISSING_ARRIVALS = 2;
/** So many of the requests asked may be dropped: less than the load is made to. */
const MAX_DROPPED_RATIO = 0.01;

/** Of k6's threads, on average, ms. Idle machines show 0.02, two cores with ten others who want them 0.3 to 0.6. */
const MAX_MEAN_WAIT_MS = 2;

export type EndedStep = Pick<StepRecord, 'number' | 'load' | 'length' | 'folder' | 'isCutShort'> & {
  by: 'rate' | 'vus';
  times: StepSpan;
  samples: StepSamples;
  run: RunData;
  cpu: CpuUse;
  meterLoopDelayP99Ms: number | null;
};

/** What a step's run says, in the figures that a search needs; null for a run without samples. */
export function stepRecordOf(step: EndedStep): StepRecord | null {
  const { number, load, length, folder, isCutShort, by, times, samples, run } = step;
  const { figures, summary } = run;
  if (figures === null) return null;
  const durationMs = summary.durationMs ?? 0;
  const plannedMs = times.warmupMs + times.holdMs;
  // An open load ends when its last request is issued, however long the answers take; users go on until then.
  const loadMs = isCutShort ? durationMs : by === 'rate' ? plannedMs : Math.max(plannedMs, durationMs);
  const measuredSec = Math.max(0, loadMs - times.warmupMs) / 1000;
  const { costUsd, outputTokens, errors, requestsFinished, succeeded } = summary.totals;
  const perSec = (count: number): number | null => (loadMs > 0 ? (count * 1000) / loadMs : null);
  const goodput = figures.rate('ai_goodput');
  const failures = figures.rate('error_rate');
  return {
    number,
    load,
    length,
    folder,
    isCutShort,
    measuredSec,
    terms: samples.terms(times.warmupMs, loadMs),
    growth: by === 'rate' ? samples.growth(times.warmupMs, loadMs) : null,
    requests: requestsFinished,
    succeeded,
    measured: { requests: failures.trials, failed: failures.hits },
    errors: { ...errors },
    latencyMs: percentiles(figures, 'ai_latency_ms'),
    ttftMs: percentiles(figures, 'ai_ttft_ms'),
    tpotMs: percentiles(figures, 'ai_tpot_ms'),
    openAtOnce: measuredSec === 0 ? 0 : figures.trend('ai_latency_ms').sum / (measuredSec * 1000),
    goodputRatio: goodput.ratio,
    goodPerSec: isCutShort
      ? goodOf(perSec(succeeded), goodput.ratio)
      : goodput.trials > 0 && measuredSec > 0
        ? goodput.hits / measuredSec
        : null,
    outputTokensPerSec: outputTokens > 0 ? perSec(outputTokens) : null,
    tokensPerSecAUser: paceOf(figures),
    costUsd: costUsd === null ? null : costUsd + (summary.totals.preflight?.costUsd ?? 0),
    usdPerHour: costUsd === null || loadMs === 0 ? null : (costUsd * 3_600_000) / loadMs,
    drive: driveOf(step, figures),
  };
}

/** Cut off in the middle, a step lacks what was under way: the warm-up tells how many answers came all the same. */
function goodOf(succeededPerSec: number | null, goodputRatio: number | null): number | null {
  return succeededPerSec === null || goodputRatio === null ? null : succeededPerSec * goodputRatio;
}

function percentiles(figures: Figures, metric: string): StepPercentiles | null {
  const { p50, p95 } = statsFrom(figures.trend(metric));
  return p50 === null || p95 === null ? null : { p50, p95 };
}

/** What a person sees an answer written at: after the first token, where events were seen, else over all of it. */
function paceOf(figures: Figures): number | null {
  const tpotMs = percentiles(figures, 'ai_tpot_ms')?.p50 ?? null;
  if (tpotMs !== null && tpotMs > 0) return 1000 / tpotMs;
  return percentiles(figures, 'token_throughput_per_sec')?.p50 ?? null;
}

function driveOf(
  { by, run: { summary }, cpu, meterLoopDelayP99Ms, isCutShort }: EndedStep,
  figures: Figures,
): Drive {
  const { totals, load } = summary;
  const offered = by === 'rate' ? load.offered : null;
  const madeRatio =
    offered === null || offered === 0
      ? null
      : isCutShort
        ? load.deliveredRatio
        : Math.min(1, (totals.requestsStarted + MISSING_ARRIVALS) / offered);
  const dropped = totals.droppedIterations ?? 0;
  const meterHopP99Ms = p99(figures, 'ai_meter_overhead_ms');
  // On its way to the meter a request is late, too, and the server gets what has piled up.
  const lateMs = Math.max(p99(figures, 'ai_schedule_lag_ms') ?? 0, meterHopP99Ms ?? 0);
  const shortOf = [
    ...(dropped > MAX_DROPPED_RATIO * (offered ?? 0) && dropped > 0
      ? [
          `${dropped} requests were not sent, because all ${load.vusAllocated ?? 0} VUs waited for answers (LLM_MAX_VUS, LLM_EXPECTED_LATENCY)`,
        ]
      : []),
    ...(lateMs > MAX_LAG_P99_MS ? [`requests started up to ${Math.round(lateMs)} ms late (p99)`] : []),
  ];
  const clientBound = clientBoundReasons({
    // A step that is cut short has no stretch of five seconds.
    clientCpuRatio: cpu.peakRatio ?? cpu.wholeRatio,
    machineCpuRatio: cpu.machinePeakRatio ?? cpu.machineWholeRatio,
    meterLoopDelayP99Ms,
    meterHopP99Ms,
  });
  return { madeRatio, clientBound: [...clientBound, ...waited(cpu)], shortOf };
}

/** A client that waits for its turn adds that to each step of a request: others use the machine. */
function waited({ meanWaitMs }: CpuUse): string[] {
  if (meanWaitMs === null || meanWaitMs <= MAX_MEAN_WAIT_MS) return [];
  return [
    `k6 waited ${meanWaitMs.toFixed(1)} ms for a core each time it wanted one, on average: this machine has too little CPU for it and what runs beside it`,
  ];
}

function p99(figures: Figures, metric: string): number | null {
  const cell = figures.metrics.get(metric)?.all;
  return cell instanceof Histogram ? statsFrom(cell).p99 : null;
}
