import type { Settings } from '../../settings/settings.ts';
import { describeSkips } from '../../parse/skip-log.ts';
import type { OpenLoad } from '../../load/load.ts';
import { formatSpan } from '../../text/format.ts';
import { mean } from '../../numbers/mean.ts';
import { iterationTimes, type Traced } from '../../plan/planned-parts.ts';
import { drawSchedule } from '../../load/draw-schedule.ts';
import { peakConcurrency, peakOverlap } from '../../load/schedule.ts';
import { describeTrace } from '../../load/trace/describe-trace.ts';
import { parseTrace, type TraceRequest } from '../../load/trace/trace.ts';
import { sessions } from '../parts.ts';
import { readFile } from './read-file.ts';
import { ConfigError } from '../../parse/config-error.ts';
import { type SharedData, type StoredRequest, storeSchedule } from '../vu/shared-data.ts';

/** A pause of a trace that somebody may take for a run that hangs. */
const LONG_PAUSE_MS = 600_000;

/**
 * The schedule of an open part (`LLM_ARRIVALS` other than `even`), as VUs share it. Init only.
 *
 * @throws ConfigError for a trace that cannot be used.
 */
export function makeSchedule(
  partName: string,
  load: OpenLoad,
  { settings, dataset }: { settings: Settings; dataset: SharedData['dataset'] },
): StoredRequest[] {
  const { requests, blockTokens, turns } = requestsOf(partName, load, { settings, dataset });
  const times = requests.map(({ atMs }) => atMs);
  const { kind } = settings.arrivals;
  const figures = {
    count: requests.length,
    lengthMs: times[times.length - 1] ?? 0,
    peakConcurrency: concurrencyOf(requests, times, settings),
    traced:
      kind === 'trace' || kind === 'recorded'
        ? { ...tracedFigures(requests, times, blockTokens), ...turns }
        : null,
  };
  return storeSchedule(figures, requests);
}

/** Conversations under way at once: each takes the expected latency for each of its turns, or until its last is due. */
function concurrencyOf(
  requests: readonly TraceRequest[],
  times: readonly number[],
  settings: Settings,
): number {
  const { expectedLatencyMs } = iterationTimes(settings);
  if (requests.every(({ later }) => later.length === 0)) return peakConcurrency(times, expectedLatencyMs);
  return peakOverlap(
    requests.map(({ atMs, later }) => {
      const lastMs = later.at(-1)?.atMs ?? atMs;
      const busyMs = (1 + later.length) * settings.expectedLatencyMs;
      return { fromMs: atMs, toMs: Math.max(atMs + busyMs, lastMs + settings.expectedLatencyMs) };
    }),
  );
}

function tracedFigures(
  requests: readonly TraceRequest[],
  times: readonly number[],
  blockTokens: number | null,
): Traced {
  const all = requests.flatMap((request) => [request, ...request.later]);
  return {
    // The fullest second.
    peakPerSec: peakConcurrency(times, 1000),
    inputTokens: mean(all.map(({ inputTokens }) => inputTokens).filter((tokens) => tokens !== null)),
    outputTokens: mean(all.map(({ outputTokens }) => outputTokens).filter((tokens) => tokens !== null)),
    blockTokens,
    meanTurns: all.length / requests.length,
    mostTurns: requests.reduce((most, { later }) => Math.max(most, 1 + later.length), 1),
    meanPauseMs: 0,
    mostPauseMs: requests.reduce(
      (most, { atMs, later }) => Math.max(most, (later.at(-1)?.atMs ?? atMs) - atMs),
      0,
    ),
  };
}

/**
 * @property blockTokens of a trace's hashed blocks; null: there are none.
 * @property turns of the sessions that these begin, where they are in another file.
 */
type Requests = { requests: TraceRequest[]; blockTokens: number | null; turns?: Partial<Traced> };

function requestsOf(
  partName: string,
  load: OpenLoad,
  { settings, dataset }: { settings: Settings; dataset: SharedData['dataset'] },
): Requests {
  const { arrivals, seed, timeScale } = settings;
  switch (arrivals.kind) {
    case 'even':
      return { requests: [], blockTokens: null };
    case 'recorded':
      return recordedStarts(dataset ?? [], settings);
    case 'poisson':
    case 'gamma':
      // A seed of its own: the parts of a suite are not to repeat each other.
      return {
        requests: drawSchedule(load.stages, { arrivals, seed: `${seed} ${partName}` }).map((atMs) => ({
          atMs,
          inputTokens: null,
          outputTokens: null,
          blocks: null,
          later: [],
        })),
        blockTokens: null,
      };
    case 'trace': {
      const { file } = arrivals;
      const source = { fileName: file, setting: 'LLM_ARRIVALS', timeScale, options: arrivals };
      const trace = parseTrace(readFile(file, 'LLM_ARRIVALS'), source);
      console.info(`LLM_ARRIVALS ${file}: ${describeTrace(trace)}`);
      if (trace.skipped.count > 0) {
        const skips = describeSkips(trace.skipped, 'line');
        console.warn(`LLM_ARRIVALS ${file}: ${trace.requests.length} requests used, ${skips}`);
      }
      if (trace.silenceMs > 0) {
        console.warn(
          `LLM_ARRIVALS ${file}: its times begin at ${formatSpan(trace.silenceMs)}, longer than the trace itself, so they count from its first request`,
        );
      }
      if (trace.pauseMs >= LONG_PAUSE_MS) {
        console.warn(
          `LLM_ARRIVALS ${file}: for ${formatSpan(trace.pauseMs)} nothing is sent, longer than all the rest of it: is one of its times wrong? LLM_TIME_SCALE shortens it`,
        );
      }
      if (trace.orphans > 0) {
        console.warn(
          `LLM_ARRIVALS ${file}: ${trace.orphans} requests go on from one that is not in the file; each begins a conversation`,
        );
      }
      refuseOwnTurns(trace.requests, settings);
      return { requests: trace.requests, blockTokens: trace.columns.blockTokens };
    }
  }
}

/** A trace's conversations have as many turns as they have. */
function refuseOwnTurns(requests: readonly TraceRequest[], { turns, arrivals }: Settings): void {
  if (turns === 1 || arrivals.kind !== 'trace' || requests.every(({ later }) => later.length === 0)) return;
  throw new ConfigError({
    setting: 'LLM_TURNS',
    got: String(turns),
    expected: `nothing, because the trace tells which requests go on from which`,
    example: `LLM_ARRIVALS=trace:${arrivals.file} alone`,
  });
}

/** When the sessions of the data set began, from the first of them. */
function recordedStarts(rows: readonly string[], { timeScale, datasetFile }: Settings): Requests {
  const { storedFigures, storedSession } = sessions();
  const figures = storedFigures(rows);
  const starts = Array.from(
    { length: figures?.count ?? 0 },
    (_, index) => storedSession(rows, index).startMs,
  );
  const known = starts.filter((startMs) => startMs !== null);
  if (figures === null || known.length < starts.length) {
    throw new ConfigError({
      setting: 'LLM_ARRIVALS',
      got: 'recorded',
      expected: `an LLM_DATASET of sessions whose first turns have an at_ms, but ${figures === null ? 'there is none' : `${datasetFile ?? ''} tells it of ${known.length} of ${starts.length}`}`,
      example: 'LLM_DATASET=sessions.jsonl, made by k6-llm record',
    });
  }
  const firstMs = known[0] ?? 0;
  const none = { inputTokens: null, outputTokens: null, blocks: null, later: [] };
  const { meanTurns, mostTurns, meanPauseMs, mostPauseMs } = figures;
  return {
    requests: known.map((startMs) => ({ atMs: (startMs - firstMs) * timeScale, ...none })),
    blockTokens: null,
    turns: {
      meanTurns,
      mostTurns,
      meanPauseMs: meanPauseMs * timeScale,
      mostPauseMs: mostPauseMs * timeScale,
    },
  };
}
