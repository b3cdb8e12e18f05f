import { SharedArray } from 'k6/data';
import { sleep } from 'k6';
import exec from 'k6/execution';
import type { Settings } from '../config/settings.ts';
import { describeSkips } from '../dataset/skips.ts';
import type { Part } from '../profiles.ts';
import { drawSchedule } from '../schedule.ts';
import { peakConcurrency } from '../schedule-peak.ts';
import { parseTrace, type TraceRequest } from '../trace.ts';
import type { OpenLoad } from '../load.ts';
import type { Clock } from './clock.ts';
import { readFile } from './files.ts';

/** Intended start times of an open load's requests, with the lengths that a trace gives them. */
export type Schedule = {
  /** Requests in it. */
  count: number;
  /** From the part's start to its last request, ms. */
  lengthMs: number;
  /** Most requests under way at once, if each takes the expected latency. */
  peakConcurrency: number;
  requestAt: (iteration: number) => TraceRequest;
};

/** `[atMs, inputTokens, outputTokens]`; the first of all is `[count, lengthMs, peakConcurrency]`. */
type Stored = readonly [number, number | null, number | null];

/**
 * The schedule of an open part (`LLM_ARRIVALS` other than `even`), drawn once and shared by all VUs. Init only.
 *
 * @throws ConfigError for a trace that cannot be used.
 */
export function loadSchedule(part: Part, load: OpenLoad, settings: Settings): Schedule {
  const stored = new SharedArray(`schedule ${part.name}`, (): Stored[] => {
    const requests = requestsOf(load, settings);
    const times = requests.map(({ atMs }) => atMs);
    const peak = peakConcurrency(times, settings.expectedLatencyMs);
    return [
      [requests.length, times[times.length - 1] ?? 0, peak],
      ...requests.map(({ atMs, inputTokens, outputTokens }): Stored => [atMs, inputTokens, outputTokens]),
    ];
  });
  const [count = 0, lengthMs = 0, peak = 1] = stored[0] ?? [];
  return {
    count,
    lengthMs: lengthMs ?? 0,
    peakConcurrency: peak ?? 1,
    requestAt: (iteration) => {
      const [atMs = 0, inputTokens = null, outputTokens = null] = stored[iteration + 1] ?? [];
      return { atMs, inputTokens, outputTokens };
    },
  };
}

function requestsOf(load: OpenLoad, { arrivals, seed, timeScale }: Settings): TraceRequest[] {
  switch (arrivals.kind) {
    case 'even':
      return [];
    case 'poisson':
    case 'gamma':
      return drawSchedule(load.stages, { arrivals, seed }).map((atMs) => ({
        atMs,
        inputTokens: null,
        outputTokens: null,
      }));
    case 'trace': {
      const { file } = arrivals;
      const trace = parseTrace(readFile(file, 'LLM_ARRIVALS'), {
        fileName: file,
        setting: 'LLM_ARRIVALS',
        timeScale,
      });
      if (trace.skipped.count > 0) {
        console.warn(
          `LLM_ARRIVALS ${file}: ${trace.requests.length} requests used, ${describeSkips(trace.skipped, 'line')}`,
        );
      }
      return trace.requests;
    }
  }
}

/**
 * When the running k6 scenario started, on the run's own clock. `exec.scenario.startTime` is wall time, and the
 * run's clock includes setup, so the two are tied together once.
 */
export function scenarioZeroMs(clock: Clock): number {
  return clock() - (Date.now() - exec.scenario.startTime);
}

/** Waits for a request's intended start. @returns how late it is, ms; 0 when it is on time. */
export function waitUntil(intendedMs: number, clock: Clock): number {
  const aheadMs = intendedMs - clock();
  if (aheadMs > 0) sleep(aheadMs / 1000);
  return Math.max(0, clock() - intendedMs);
}
