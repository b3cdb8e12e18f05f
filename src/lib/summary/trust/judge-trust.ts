import { MAX_LAG_P95_MS, MAX_LAG_P99_MS, MIN_DELIVERED_RATIO } from '../../load/due.ts';
import { smallestCountFor } from '../../numbers/quantiles.ts';
import { isOfStep } from '../step-evidence.ts';
import { formatPercent } from '../../text/format.ts';
import { TOO_FEW } from './trust-lines.ts';
import type { LoadFigures, Trust } from '../summary.ts';

/**
 * What a run knows about its own health. null where it was not measured: what is unknown is not held against
 * a run. Used inside k6 from its own figures, and again by the report, which knows more.
 */
export type TrustEvidence = {
  requestsFinished: number;
  /** Outside the warm-up. */
  succeeded: number;
  warmupRequests: number;
  /** Iterations that the load meant to start and did not. */
  droppedIterations: number;
  /** Why it may have left some out. */
  load: Pick<LoadFigures, 'model' | 'iterations' | 'segment'>;
  /** Of what the load meant to start, the share that was started; null for loads that wait for their answers. */
  deliveredRatio: number | null;
  /** Percentiles of `ai_schedule_lag_ms`. */
  scheduleLagP95Ms: number | null;
  scheduleLagP99Ms: number | null;
  /** CPU that k6 used, as a share of what the machine has, 0 to 1. */
  clientCpuRatio: number | null;
  /** CPU that anybody used, 0 to 1: 1 where no core was ever idle. */
  machineCpuRatio: number | null;
  /** 99th percentile of the stream meter's event-loop delay. */
  meterLoopDelayP99Ms: number | null;
  /** 99th percentile of k6's own hop to the meter, `ai_meter_overhead_ms`. */
  meterHopP99Ms: number | null;
  /** What this machine adds to TTFT at as many streams as were open, where it was calibrated; null elsewhere. */
  addedTtft: { addedMs: number; seenMs: number; sentence: string } | null;
  /** Percentiles that the run was asked for (its thresholds name them), with what they rest on. */
  percentiles: readonly PercentileEvidence[];
};

export type PercentileEvidence = {
  /** `ai_latency_ms`. */
  metric: string;
  /** 0.99 for p99. */
  q: number;
  count: number;
  /** 95 % interval for independent requests, where samples are at hand; null inside k6, which shows no samples. */
  interval: { low: number | null; high: number | null } | null;
};

/** Above it the generator itself waits for CPU: k6's docs ask for a fifth of the CPU to stay idle. */
export const MAX_CLIENT_CPU_RATIO = 0.8;
/** Of the whole machine, whoever uses it: above it no core is idle, so whoever wants one waits. */
export const MAX_MACHINE_CPU_RATIO = 0.97;
/** What k6 uses at least for that wait to matter: who seldom needs a core is let in at once. */
export const CROWDED_CLIENT_CPU_RATIO = 0.25;
/** Ten times what an unburdened meter shows with 1,000 streams (docs/streaming.md). */
export const MAX_LOOP_DELAY_P99_MS = 20;

/** Of the median TTFT that was seen, what the machine itself may be. */
export const MAX_ADDED_RATIO = 0.1;

/**
 * Whether a run is fit to be believed, and why. The state is the gravest one found; the reasons name every
 * one, gravest first.
 */
export function judgeTrust(evidence: TrustEvidence): Trust {
  const found: readonly Finding[] = [
    ...nothingMeasured(evidence),
    ...underdelivered(evidence),
    ...clientBound(evidence),
    ...startsLate(evidence),
    ...addsTooMuch(evidence),
    ...tooShort(evidence),
  ];
  return { state: found[0]?.state ?? 'valid', reasons: found.map(({ reason }) => reason) };
}

type Finding = { state: Exclude<Trust['state'], 'valid'>; reason: string };

function nothingMeasured({ requestsFinished, succeeded, warmupRequests }: TrustEvidence): Finding[] {
  if (succeeded > 0) return [];
  if (warmupRequests > 0 && warmupRequests >= requestsFinished) {
    const reason = `all of its ${warmupRequests} requests were warm-up, which is not measured; shorten LLM_WARMUP, or run for longer`;
    return [{ state: 'nothing-measured', reason }];
  }
  const reason =
    requestsFinished > 0
      ? `none of ${requestsFinished} finished requests succeeded, so there is no latency to speak of`
      : 'no request was finished';
  return [{ state: 'nothing-measured', reason }];
}

function underdelivered(evidence: TrustEvidence): Finding[] {
  const { droppedIterations, deliveredRatio, scheduleLagP95Ms } = evidence;
  const found: Finding[] = [];
  if (deliveredRatio !== null && deliveredRatio < MIN_DELIVERED_RATIO) {
    const reason = `of what the load meant to start by then, ${formatPercent(deliveredRatio)} was started: this machine could not make the load; ask for less, or divide it (--shards, docs/distributed.md)`;
    found.push({ state: 'underdelivered', reason });
  }
  if (droppedIterations > 0) {
    found.push({ state: 'underdelivered', reason: whyDropped(evidence) });
  }
  if (scheduleLagP95Ms !== null && scheduleLagP95Ms > MAX_LAG_P95_MS) {
    const reason = `requests started late, so the schedule was not kept: schedule lag p95 was ${Math.round(scheduleLagP95Ms)} ms, above ${MAX_LAG_P95_MS} ms; raise LLM_MAX_VUS or LLM_EXPECTED_LATENCY`;
    found.push({ state: 'underdelivered', reason });
  }
  return found;
}

/** k6 counts both under one name: what no VU was free for, and what of a fixed number was left when its time was over. */
function whyDropped({ droppedIterations, load: { model, iterations, segment } }: TrustEvidence): string {
  const dropped = `${droppedIterations} iterations were dropped`;
  const vus = 'raise LLM_MAX_VUS or LLM_EXPECTED_LATENCY';
  if (model === 'open' && iterations === null)
    return `${dropped}: no VU was free, so the load offered was not delivered; ${vus}`;
  if (model === 'open')
    return `${dropped}: no VU was free for those of a rate (${vus}), or the time of those of a fixed number was over (give them longer, or more users: LLM_VUS)`;
  // A part of a divided load knows the number of all, and not how many of them are its own.
  const ofAll = iterations === null || segment !== null ? '' : ` of ${iterations}`;
  return `${droppedIterations}${ofAll} iterations were never begun: the time for them was over (maxDuration of k6, which its --duration sets too); give them longer, or more users (LLM_VUS), or ask for fewer`;
}

/** Why the load generator itself was the limit: one sentence each. */
export function clientBoundReasons(
  evidence: Pick<
    TrustEvidence,
    'clientCpuRatio' | 'machineCpuRatio' | 'meterLoopDelayP99Ms' | 'meterHopP99Ms'
  >,
): string[] {
  return clientBound(evidence).map(({ reason }) => reason);
}

function clientBound(evidence: Parameters<typeof clientBoundReasons>[0]): Finding[] {
  const { clientCpuRatio, machineCpuRatio, meterLoopDelayP99Ms, meterHopP99Ms } = evidence;
  const found: Finding[] = [];
  const isCrowded = machineCpuRatio !== null && machineCpuRatio > MAX_MACHINE_CPU_RATIO;
  if (isCrowded && (clientCpuRatio ?? 0) > CROWDED_CLIENT_CPU_RATIO) {
    const others = clientCpuRatio === null ? '' : ` (k6 itself ${formatPercent(roundTo(clientCpuRatio))})`;
    const reason = `this machine's CPU was ${formatPercent(roundTo(machineCpuRatio))} busy${others}: k6 waited for its turn, and its latencies hold that wait; let it have cores of its own`;
    found.push({ state: 'client-bound', reason });
  }
  if (clientCpuRatio !== null && clientCpuRatio > MAX_CLIENT_CPU_RATIO) {
    const reason = `k6 used ${Math.round(clientCpuRatio * 100)} % of this machine's CPU, above ${MAX_CLIENT_CPU_RATIO * 100} %: part of the latency is its own`;
    found.push({ state: 'client-bound', reason });
  }
  if (meterLoopDelayP99Ms !== null && meterLoopDelayP99Ms > MAX_LOOP_DELAY_P99_MS) {
    const reason = `the meter's event loop was late by ${Math.round(meterLoopDelayP99Ms)} ms at p99, above ${MAX_LOOP_DELAY_P99_MS} ms: token times carry its delay`;
    found.push({ state: 'client-bound', reason });
  }
  if (meterHopP99Ms !== null && meterHopP99Ms > MAX_LAG_P99_MS) {
    const reason = `the hop from k6 to the meter took ${Math.round(meterHopP99Ms)} ms at p99, above ${MAX_LAG_P99_MS} ms: requests left late`;
    found.push({ state: 'client-bound', reason });
  }
  return found;
}

/** But not so late that it is no more the load that was asked for, which is told as such. */
function startsLate({ scheduleLagP95Ms, scheduleLagP99Ms }: TrustEvidence): Finding[] {
  if (scheduleLagP99Ms === null || scheduleLagP99Ms <= MAX_LAG_P99_MS) return [];
  if (scheduleLagP95Ms !== null && scheduleLagP95Ms > MAX_LAG_P95_MS) return [];
  const reason = `requests started late: schedule lag p99 was ${Math.round(scheduleLagP99Ms)} ms, above ${MAX_LAG_P99_MS} ms; ai_intended_latency_ms holds that wait`;
  return [{ state: 'client-bound', reason }];
}

function addsTooMuch({ addedTtft }: TrustEvidence): Finding[] {
  if (addedTtft === null || addedTtft.addedMs <= MAX_ADDED_RATIO * addedTtft.seenMs) return [];
  const reason = `${addedTtft.sentence}, more than ${formatPercent(MAX_ADDED_RATIO)} of the median TTFT of ${Math.round(addedTtft.seenMs)} ms`;
  return [{ state: 'client-bound', reason }];
}

function tooShort({ succeeded, percentiles }: TrustEvidence): Finding[] {
  if (succeeded === 0) return [];
  const short = percentiles.filter(({ q, count }) => count > 0 && !carries(count, q));
  const whole = short.filter(({ metric }) => !isOfStep(metric));
  const ofSteps = new Map<string, PercentileEvidence[]>();
  for (const evidence of short.filter(({ metric }) => isOfStep(metric))) {
    const name = withoutStep(evidence.metric);
    ofSteps.set(name, [...(ofSteps.get(name) ?? []), evidence]);
  }
  const reasons = [...whole.map(describeShortage), ...[...ofSteps].map(describeShortSteps)];
  return reasons.map((reason): Finding => ({ state: 'too-short', reason: `${TOO_FEW}${reason}` }));
}

/** Of steps, which are many, in one sentence a metric. */
function describeShortSteps([name, short]: [string, readonly PercentileEvidence[]]): string {
  const counts = short.map(({ count }) => count);
  const quantiles = [...new Set(short.map(({ q }) => q))].sort((a, b) => a - b);
  const steps = new Set(short.map(({ metric }) => metric)).size;
  const [least, most] = [Math.min(...counts), Math.max(...counts)];
  return (
    `in ${steps} ${steps === 1 ? 'step' : 'steps'}, ${quantiles.map((q) => `p${percentLabel(q)}`).join(' and ')} of ${name} ` +
    `${quantiles.length === 1 ? 'rests' : 'rest'} on ${least === most ? least : `${least} to ${most}`} samples; ` +
    `it takes ${quantiles.map((q) => smallestCountFor(q)).join(' and ')} to bound ${quantiles.length === 1 ? 'it' : 'them'}`
  );
}

/** `ai_latency_ms` for `ai_latency_ms{step:03}`. */
function withoutStep(metric: string): string {
  const [, name = metric, selector = ''] = /^(\w+)\{(.*)\}$/.exec(metric) ?? [];
  const others = selector.split(',').filter((tag) => tag !== '' && !tag.startsWith('step:'));
  return others.length === 0 ? name : `${name}{${others.join(',')}}`;
}

function roundTo(ratio: number): number {
  return Math.round(ratio * 100) / 100;
}

/** Whether so many samples bound a percentile on both sides at 95 % confidence. */
export function carries(count: number, q: number): boolean {
  return count >= smallestCountFor(q);
}

function describeShortage({ metric, q, count, interval }: PercentileEvidence): string {
  const needed = smallestCountFor(q);
  const unit = metric.includes('_ms') ? ' ms' : '';
  const range = interval === null ? '' : `; were its requests independent, ${describeRange(interval, unit)}`;
  return `p${percentLabel(q)} of ${metric} rests on ${count} ${count === 1 ? 'sample' : 'samples'}; it takes ${needed} to bound it${range}`;
}

function describeRange({ low, high }: { low: number | null; high: number | null }, unit: string): string {
  const text = (value: number): string => `${Math.round(value * 10) / 10}${unit}`;
  if (low !== null && high !== null) return `the true value would lie from ${text(low)} to ${text(high)}`;
  if (low !== null) return `the true value may lie anywhere above ${text(low)}`;
  return high === null
    ? 'the true value may lie anywhere'
    : `the true value may lie anywhere below ${text(high)}`;
}

/** `95` for 0.95, `99.9` for 0.999. */
export function percentLabel(q: number): string {
  return String(Math.round(q * 1e6) / 1e4);
}
