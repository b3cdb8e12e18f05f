import type { Load } from './load.ts';

/** One part of a scenario: what k6 runs under one `test_type`. */
export type LoadPart = {
  /** The tag `test_type`. */
  name: string;
  load: Load;
  /** Fewest VUs of an open load, whatever Little's law says. */
  minVus?: number;
};

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;

const THINK_MS = 2500;
const LATENCY_MS = 5000;

/** 1 VU, 5 iterations: does it work at all. */
export const SMOKE: LoadPart = { name: 'smoke', load: { kind: 'iterations', count: 5 } };

/** Users come in over 2 min, 50 stay for 5 min, and leave over 1 min. */
export const BASELINE: LoadPart = {
  name: 'baseline',
  load: {
    kind: 'closed',
    thinkTimeMeanMs: THINK_MS,
    expectedLatencyMs: LATENCY_MS,
    stages: [
      { durationMs: 2 * MINUTE_MS, fromVus: 0, toVus: 50 },
      { durationMs: 5 * MINUTE_MS, fromVus: 50, toVus: 50 },
      { durationMs: 1 * MINUTE_MS, fromVus: 50, toVus: 0 },
    ],
  },
};

/** 1/s for a minute, 5/s within 5 s and for 3 min, 1/s again for 2 min. */
export const SPIKE: LoadPart = {
  name: 'spike',
  minVus: 100,
  load: {
    kind: 'open',
    stages: [
      { durationMs: MINUTE_MS, fromPerSec: 1, toPerSec: 1 },
      { durationMs: 5 * SECOND_MS, fromPerSec: 1, toPerSec: 5 },
      { durationMs: 3 * MINUTE_MS, fromPerSec: 5, toPerSec: 5 },
      { durationMs: 2 * MINUTE_MS, fromPerSec: 1, toPerSec: 1 },
    ],
  },
};

/** 1/s → 20 → 50 → 100 → 200 per second, 2 min each. */
export const STRESS: LoadPart = {
  name: 'stress',
  load: { kind: 'open', stages: ramps([1, 20, 50, 100, 200], 2 * MINUTE_MS) },
};

/** 2/s for an hour, to see drift and leaks. */
export const SOAK: LoadPart = {
  name: 'soak',
  load: { kind: 'open', stages: [{ durationMs: 60 * MINUTE_MS, fromPerSec: 2, toPerSec: 2 }] },
};

export const BREAKPOINT_STEPS = 20;
export const BREAKPOINT_STEP_MS = 30 * SECOND_MS;

/** 20 steps of constant rate up to 200/s, 30 s each. */
export const BREAKPOINT: LoadPart = {
  name: 'breakpoint',
  load: { kind: 'open', stages: steps(BREAKPOINT_STEPS, 200, BREAKPOINT_STEP_MS) },
};

/** 100 users, 10 more each second, 60 s. */
export const MIXED: LoadPart = {
  name: 'mixed',
  load: {
    kind: 'closed',
    thinkTimeMeanMs: 2000,
    expectedLatencyMs: LATENCY_MS,
    stages: [
      { durationMs: 10 * SECOND_MS, fromVus: 0, toVus: 100 },
      { durationMs: 50 * SECOND_MS, fromVus: 100, toVus: 100 },
    ],
  },
};

/** 5 VUs for 3 min. */
export const AB: LoadPart = {
  name: 'ab',
  load: {
    kind: 'closed',
    thinkTimeMeanMs: THINK_MS,
    expectedLatencyMs: LATENCY_MS,
    stages: [{ durationMs: 3 * MINUTE_MS, fromVus: 5, toVus: 5 }],
  },
};

/** The load of each scenario, by its name. */
export const SCENARIO_PARTS: Readonly<Record<string, readonly LoadPart[]>> = {
  smoke: [SMOKE],
  baseline: [BASELINE],
  spike: [SPIKE],
  stress: [STRESS],
  suite: [BASELINE, SPIKE, STRESS],
  soak: [SOAK],
  breakpoint: [BREAKPOINT],
  mixed: [MIXED],
  ab: [AB],
};

function ramps(ratesPerSec: readonly number[], durationMs: number) {
  return ratesPerSec.slice(1).map((toPerSec, index) => ({
    durationMs,
    fromPerSec: ratesPerSec[index] ?? toPerSec,
    toPerSec,
  }));
}

function steps(count: number, peakPerSec: number, durationMs: number) {
  return Array.from({ length: count }, (_, index) => {
    const ratePerSec = (peakPerSec * (index + 1)) / count;
    return { durationMs, fromPerSec: ratePerSec, toPerSec: ratePerSec };
  });
}

/** How a run differs from the scenario's own numbers. */
export type Scaling = {
  vusFactor: number;
  rateFactor: number;
  timeScale: number;
  thinkTimeMeanMs: number;
  expectedLatencyMs: number;
};

/** The load with another peak and another length; its shape keeps its proportions. */
export function scaleLoad(load: Load, scaling: Scaling): Load {
  const scaled = (durationMs: number): number => Math.max(1, Math.round(durationMs * scaling.timeScale));
  // Whoever asks for few users still gets one where the shape had some.
  const users = (vus: number): number => (vus === 0 ? 0 : Math.max(1, Math.round(vus * scaling.vusFactor)));
  switch (load.kind) {
    case 'iterations':
      return load;
    case 'open':
      return {
        kind: 'open',
        stages: load.stages.map(({ durationMs, fromPerSec, toPerSec }) => ({
          durationMs: scaled(durationMs),
          fromPerSec: fromPerSec * scaling.rateFactor,
          toPerSec: toPerSec * scaling.rateFactor,
        })),
      };
    case 'closed':
      return {
        kind: 'closed',
        thinkTimeMeanMs: scaling.thinkTimeMeanMs,
        expectedLatencyMs: scaling.expectedLatencyMs,
        stages: load.stages.map(({ durationMs, fromVus, toVus }) => ({
          durationMs: scaled(durationMs),
          fromVus: users(fromVus),
          toVus: users(toVus),
        })),
      };
  }
}

/** The highest rate of any open part, per second; null when there is none. */
export function highestRatePerSec(loads: readonly Load[]): number | null {
  const peaks = loads.flatMap((load) => (load.kind === 'open' ? [peakPerSec(load.stages)] : []));
  return peaks.length === 0 ? null : Math.max(...peaks);
}

/** The most users of any closed part; null when there is none. */
export function highestVus(loads: readonly Load[]): number | null {
  const peaks = loads.flatMap((load) => (load.kind === 'closed' ? [peakVus(load.stages)] : []));
  return peaks.length === 0 ? null : Math.max(...peaks);
}

/** The highest rate of an open load, per second. */
export function peakPerSec(stages: readonly { fromPerSec: number; toPerSec: number }[]): number {
  return Math.max(...stages.flatMap(({ fromPerSec, toPerSec }) => [fromPerSec, toPerSec]));
}

/** The most users of a closed load. */
export function peakVus(stages: readonly { fromVus: number; toVus: number }[]): number {
  return Math.max(...stages.flatMap(({ fromVus, toVus }) => [fromVus, toVus]));
}

/** Length of a load in ms; null for one of so many iterations. */
export function lengthMs(load: Load): number | null {
  return load.kind === 'iterations' ? null : load.stages.reduce((sum, { durationMs }) => sum + durationMs, 0);
}
