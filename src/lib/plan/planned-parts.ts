import type { KindName } from '../kinds/kinds.ts';
import type { IterationShape, Settings } from '../settings/settings.ts';
import { formatDuration } from '../parse/values.ts';
import {
  executorFor,
  type ExecutorOptions,
  gracefulStopMs,
  type Sizing,
  vusForConcurrency,
  vusOfOpenLoad,
} from './executor.ts';
import type { Load, OpenLoad } from '../load/load.ts';
import {
  highestRatePerSec,
  highestVus,
  lengthMs,
  type LoadPart,
  peakPerSec,
  scaleLoad,
  type Scaling,
} from '../load/scale-load.ts';
import { SCHEDULE_LEAD_MS } from '../load/schedule.ts';
import type { LaterRequest, TraceRequest } from '../load/trace/trace.ts';

/** A part as this run will do it: scaled by the settings, with its place in the run. */
export type PlannedPart = {
  /** The tag `test_type`. */
  name: string;
  load: Load;
  /** When its k6 scenario starts, from the start of the load. */
  startMs: number;
  /** When its load begins: then, or `SCHEDULE_LEAD_MS` later. */
  zeroMs: number;
  /** From `zeroMs` on; null when only its iterations are known. */
  lengthMs: number | null;
  minVus: number;
  /** What it sends; null: what the mix or the settings say. */
  requestKind: KindName | null;
  /** Its requests start at drawn or recorded times; null: evenly, by k6. */
  schedule: ScheduleFigures | null;
};

/** What is known of a schedule as a whole. */
export type ScheduleFigures = {
  /** Requests in it. */
  count: number;
  /** From its time zero to its last request, ms. */
  lengthMs: number;
  /** Most requests under way at once, if each takes the expected latency. */
  peakConcurrency: number;
  /** null: its times are drawn, and follow the part's own rates. */
  traced: Traced | null;
};

/** Intended start times of an open load's requests, with the lengths that a trace gives them. */
export type Schedule = ScheduleFigures & { requestAt: (iteration: number) => DueRequest };

/** A request of a schedule, and how many tokens each of its blocks stands for. */
export type DueRequest = Omit<TraceRequest, 'later'> & {
  blockTokens: number | null;
  later: readonly TracedTurn[];
};

/** A turn of a conversation that a trace tells; `parent` as in `LaterRequest`, null for the first. */
export type TracedTurn = Omit<LaterRequest, 'parent'> & { parent: number | null; blockTokens: number | null };

/** What a trace says of itself; the tokens are means of one request, null where it does not tell them. */
export type Traced = {
  peakPerSec: number;
  inputTokens: number | null;
  outputTokens: number | null;
  /** Tokens of one of its hashed blocks; null: it has none. */
  blockTokens: number | null;
} & IterationShape;

/**
 * Times of one iteration: a conversation of `LLM_TURNS` requests one after the other, or a session, which keeps its VU all
 * the while.
 */
export function iterationTimes({
  shape,
  timeoutMs,
  expectedLatencyMs,
}: Pick<Settings, 'shape' | 'timeoutMs' | 'expectedLatencyMs'>): Pick<
  Sizing,
  'timeoutMs' | 'expectedLatencyMs'
> {
  const { meanTurns, mostTurns, meanPauseMs, mostPauseMs } = shape;
  return {
    timeoutMs: Math.ceil(mostTurns * timeoutMs + mostPauseMs),
    expectedLatencyMs: meanTurns * expectedLatencyMs + meanPauseMs,
  };
}

/** The longest pause between two parts of a suite, for requests still under way. */
const MAX_PAUSE_MS = 30_000;

/**
 * The parts one after the other, each one graceful stop (at most 30 s) after the end of the one before.
 *
 * @param scheduleOf the schedule of an open part; null where k6 spaces its requests evenly.
 */
export function planParts(
  parts: readonly LoadPart[],
  settings: Settings,
  scheduleOf: (part: LoadPart, load: OpenLoad) => ScheduleFigures | null = () => null,
): PlannedPart[] {
  const { minMs, maxMs } = settings.thinkTime;
  const loads = parts.map(({ load }) => load);
  const scaling: Scaling = {
    // One factor for all parts, so that a suite keeps its proportions too.
    vusFactor: settings.vus === null ? 1 : settings.vus / (highestVus(loads) ?? 1),
    rateFactor: settings.ratePerSec === null ? 1 : settings.ratePerSec / (highestRatePerSec(loads) ?? 1),
    // A held load is one ms of it (`heldScenario`).
    timeScale: settings.timeScale * (settings.holdMs ?? 1),
    thinkTimeMeanMs: (minMs + maxMs) / 2,
    expectedLatencyMs: settings.expectedLatencyMs,
  };
  const pauseMs = Math.min(MAX_PAUSE_MS, gracefulStopMs(iterationTimes(settings).timeoutMs));
  let startMs = 0;
  return parts.map((part) => {
    const load = scaleLoad(part.load, scaling);
    const schedule = load.kind === 'open' ? scheduleOf(part, load) : null;
    const planned: PlannedPart = {
      name: part.name,
      load,
      startMs,
      zeroMs: schedule === null ? startMs : startMs + SCHEDULE_LEAD_MS,
      lengthMs: schedule?.lengthMs ?? lengthMs(load),
      minVus: part.minVus ?? 1,
      requestKind: part.requestKind ?? null,
      schedule,
    };
    startMs = planned.zeroMs + (planned.lengthMs ?? 0) + pauseMs;
    return planned;
  });
}

/** k6's options of one part, without its tags. */
export function executorOf(part: PlannedPart, settings: Settings): ExecutorOptions {
  const sizing: Sizing = {
    ...iterationTimes(settings),
    maxVus: settings.maxVus,
    minVus: part.minVus,
    iterationVus: settings.vus ?? 1,
  };
  return part.schedule === null ? executorFor(part.load, sizing) : scheduleExecutor(part.schedule, sizing);
}

/** VUs that an open part is given, all before the load starts. */
export function vusOf(part: PlannedPart, settings: Settings): number | null {
  const { load, schedule, minVus } = part;
  if (load.kind !== 'open') return null;
  const sizing = { ...iterationTimes(settings), maxVus: settings.maxVus, minVus };
  return schedule === null ? vusOfOpenLoad(peakPerSec(load.stages), sizing) : vusOfSchedule(schedule, sizing);
}

/** A schedule comes in bursts: its fullest stretch counts, not the rate that it was drawn from. */
function vusOfSchedule(
  { count, peakConcurrency }: ScheduleFigures,
  sizing: Pick<Sizing, 'minVus' | 'maxVus'>,
): number {
  return Math.min(count, vusForConcurrency(peakConcurrency, sizing));
}

function scheduleExecutor(schedule: ScheduleFigures, sizing: Sizing): ExecutorOptions {
  return {
    executor: 'shared-iterations',
    vus: vusOfSchedule(schedule, sizing),
    iterations: schedule.count,
    maxDuration: formatDuration(SCHEDULE_LEAD_MS + Math.ceil(schedule.lengthMs) + sizing.timeoutMs),
    gracefulStop: formatDuration(gracefulStopMs(sizing.timeoutMs)),
  };
}
