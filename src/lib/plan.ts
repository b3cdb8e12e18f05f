import type { Settings } from './config/settings.ts';
import { executorFor, gracefulStopMs } from './executor.ts';
import type { Load } from './load.ts';
import { highestRatePerSec, highestVus, lengthMs, type Part, scaleLoad, type Scaling } from './profiles.ts';

/** A part as this run will do it: scaled by the settings, with its place in the run. */
export type PlannedPart = {
  /** The tag `test_type`. */
  name: string;
  load: Load;
  /** From the start of the load. */
  startMs: number;
  /** null when only its iterations are known. */
  lengthMs: number | null;
  minVus: number;
};

/** The longest pause between two parts of a suite, for requests still under way. */
const MAX_PAUSE_MS = 30_000;

/** The parts one after the other, each one graceful stop (at most 30 s) after the end of the one before. */
export function planParts(parts: readonly Part[], settings: Settings): PlannedPart[] {
  const { minMs, maxMs } = settings.thinkTime;
  const loads = parts.map(({ load }) => load);
  const scaling: Scaling = {
    // One factor for all parts, so that a suite keeps its proportions too.
    vusFactor: settings.vus === null ? 1 : settings.vus / (highestVus(loads) ?? 1),
    rateFactor: settings.ratePerSec === null ? 1 : settings.ratePerSec / (highestRatePerSec(loads) ?? 1),
    timeScale: settings.timeScale,
    thinkTimeMeanMs: (minMs + maxMs) / 2,
    expectedLatencyMs: settings.expectedLatencyMs,
  };
  const pauseMs = Math.min(MAX_PAUSE_MS, gracefulStopMs(settings.timeoutMs));
  let startMs = 0;
  return parts.map((part) => {
    const load = scaleLoad(part.load, scaling);
    const planned = { name: part.name, load, startMs, lengthMs: lengthMs(load), minVus: part.minVus ?? 1 };
    startMs += (planned.lengthMs ?? 0) + pauseMs;
    return planned;
  });
}

/** k6's options of one part, without its tags. */
export function executorOf(part: PlannedPart, settings: Settings): ReturnType<typeof executorFor> {
  return executorFor(part.load, {
    timeoutMs: settings.timeoutMs,
    expectedLatencyMs: settings.expectedLatencyMs,
    maxVus: settings.maxVus,
    minVus: part.minVus,
    iterationVus: settings.vus ?? 1,
  });
}
