import type { Settings } from '../../settings/settings.ts';
import { describeSkips } from '../../parse/skip-log.ts';
import type { OpenLoad } from '../../load/load.ts';
import { formatSpan } from '../../text/format.ts';
import { mean } from '../../numbers/mean.ts';
import { iterationTimes, type Traced } from '../../plan/planned-parts.ts';
import { drawSchedule } from '../../load/draw-schedule.ts';
import { peakConcurrency } from '../../load/schedule.ts';
import { describeTrace } from '../../load/trace/describe-trace.ts';
import { parseTrace, type TraceRequest } from '../../load/trace/trace.ts';
import { readFile } from './read-file.ts';
import { type StoredRequest, storeSchedule } from '../vu/shared-data.ts';

/**
 * The schedule of an open part (`LLM_ARRIVALS` other than `even`), as VUs share it. Init only.
 *
 * @throws ConfigError for a trace that cannot be used.
 */
export function makeSchedule(partName: string, load: OpenLoad, settings: Settings): StoredRequest[] {
  const { requests, blockTokens } = requestsOf(partName, load, settings);
  const times = requests.map(({ atMs }) => atMs);
  const figures = {
    count: requests.length,
    lengthMs: times[times.length - 1] ?? 0,
    peakConcurrency: peakConcurrency(times, iterationTimes(settings).expectedLatencyMs),
    traced: settings.arrivals.kind === 'trace' ? tracedFigures(requests, times, blockTokens) : null,
  };
  return storeSchedule(figures, requests);
}

function tracedFigures(
  requests: readonly TraceRequest[],
  times: readonly number[],
  blockTokens: number | null,
): Traced {
  return {
    // The fullest second.
    peakPerSec: peakConcurrency(times, 1000),
    inputTokens: mean(requests.map(({ inputTokens }) => inputTokens).filter((tokens) => tokens !== null)),
    outputTokens: mean(requests.map(({ outputTokens }) => outputTokens).filter((tokens) => tokens !== null)),
    blockTokens,
  };
}

/** @property blockTokens of a trace's hashed blocks; null: there are none. */
type Requests = { requests: TraceRequest[]; blockTokens: number | null };

function requestsOf(partName: string, load: OpenLoad, { arrivals, seed, timeScale }: Settings): Requests {
  switch (arrivals.kind) {
    case 'even':
      return { requests: [], blockTokens: null };
    case 'poisson':
    case 'gamma':
      // A seed of its own: the parts of a suite are not to repeat each other.
      return {
        requests: drawSchedule(load.stages, { arrivals, seed: `${seed} ${partName}` }).map((atMs) => ({
          atMs,
          inputTokens: null,
          outputTokens: null,
          blocks: null,
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
      return { requests: trace.requests, blockTokens: trace.columns.blockTokens };
    }
  }
}
