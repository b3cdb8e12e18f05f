import type { KindName } from '../kinds/kinds.ts';
import type { Load } from './load.ts';

/** One part of a scenario: what k6 runs under one `test_type`. */
export type LoadPart = {
  /** The tag `test_type`. */
  name: string;
  load: Load;
  /** Fewest VUs of an open load, whatever Little's law says. */
  minVus?: number;
  /** What it sends; null or not given: what the mix or the settings say. */
  requestKind?: KindName | null;
};

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
