import type { Load } from '../load/load.ts';
import { peakPerSec } from '../load/scale-load.ts';
import { formatDuration } from '../parse/values.ts';

/** How k6 is told to run a load: the options of one scenario, without its name, tags and environment. */
export type ExecutorOptions = { executor: string } & Record<string, unknown>;

export type Sizing = {
  /** One iteration's longest time; a running iteration is let finish this long and 5 s more. */
  timeoutMs: number;
  /** Of one iteration too. */
  expectedLatencyMs: number;
  maxVus: number;
  minVus: number;
  /** VUs of a load of so many iterations. */
  iterationVus: number;
};

const GRACE_MS = 5000;

/** k6's own 30 s would cut long answers silently: they would be billed and appear in no metric. */
export function gracefulStopMs(timeoutMs: number): number {
  return timeoutMs + GRACE_MS;
}

/** Room above the expected latency. */
const HEADROOM = 1.2;

/**
 * VUs that an open load occupies: peak rate × expected latency × 1.2 (Little's law with room to spare), at
 * least `minVus` and at most `maxVus`.
 */
export function vusOfOpenLoad(
  peakRatePerSec: number,
  sizing: Pick<Sizing, 'expectedLatencyMs' | 'maxVus' | 'minVus'>,
): number {
  return vusForConcurrency((peakRatePerSec * sizing.expectedLatencyMs) / 1000, sizing);
}

/** VUs for so many requests at once, with room to spare. */
export function vusForConcurrency(
  concurrency: number,
  { minVus, maxVus }: Pick<Sizing, 'maxVus' | 'minVus'>,
): number {
  // 1e-9: binary dust must not add a VU.
  const needed = Math.ceil(concurrency * HEADROOM - 1e-9);
  return Math.max(1, Math.min(maxVus, Math.max(minVus, needed)));
}

/** The executor for a load: ramping users, ramping arrivals (all VUs pre-allocated), or shared iterations. */
export function executorFor(load: Load, sizing: Sizing): ExecutorOptions {
  const gracefulStop = formatDuration(gracefulStopMs(sizing.timeoutMs));
  switch (load.kind) {
    case 'iterations':
      return {
        executor: 'shared-iterations',
        vus: Math.min(sizing.iterationVus, load.count),
        iterations: load.count,
        maxDuration: formatDuration(load.count * sizing.timeoutMs + GRACE_MS),
        gracefulStop,
      };
    case 'closed':
      return {
        executor: 'ramping-vus',
        startVUs: load.stages[0]?.fromVus ?? 0,
        stages: load.stages.map(({ durationMs, toVus }) => ({
          duration: formatDuration(durationMs),
          target: toVus,
        })),
        gracefulStop,
        gracefulRampDown: gracefulStop,
      };
    case 'open': {
      const vus = vusOfOpenLoad(peakPerSec(load.stages), sizing);
      return {
        executor: 'ramping-arrival-rate',
        ...integerRates(load.stages),
        // Each VU that k6 adds during a run costs a dropped iteration, so none is added.
        preAllocatedVUs: vus,
        maxVUs: vus,
        gracefulStop,
      };
    }
  }
}

const TIME_UNITS_SEC = [1, 2, 5, 10, 20, 30, 60, 100, 300, 600, 1000, 3600, 10_000, 100_000];

/**
 * k6 takes whole rates only, so fractions are told over a longer time unit: 0.5/s is 1 in 2 s. A jump between
 * stages is a stage of no length.
 */
export function integerRates(
  stages: readonly { durationMs: number; fromPerSec: number; toPerSec: number }[],
): {
  startRate: number;
  timeUnit: string;
  stages: { duration: string; target: number }[];
} {
  const rates = stages.flatMap(({ fromPerSec, toPerSec }) => [fromPerSec, toPerSec]);
  const isWhole = (value: number): boolean => Math.abs(value - Math.round(value)) < 1e-9 * Math.max(1, value);
  const unitSec =
    TIME_UNITS_SEC.find((unit) => rates.every((rate) => isWhole(rate * unit))) ??
    TIME_UNITS_SEC[TIME_UNITS_SEC.length - 1] ??
    1;
  const whole = (ratePerSec: number): number => Math.round(ratePerSec * unitSec);
  const targets: { duration: string; target: number }[] = [];
  let rate = whole(stages[0]?.fromPerSec ?? 0);
  const startRate = rate;
  for (const { durationMs, fromPerSec, toPerSec } of stages) {
    if (whole(fromPerSec) !== rate) targets.push({ duration: '0s', target: whole(fromPerSec) });
    rate = whole(toPerSec);
    targets.push({ duration: formatDuration(durationMs), target: rate });
  }
  return { startRate, timeUnit: `${unitSec}s`, stages: targets };
}
