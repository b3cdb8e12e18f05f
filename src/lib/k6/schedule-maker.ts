import type { Settings } from '../config/settings.ts';
import { describeSkips } from '../dataset/skips.ts';
import type { OpenLoad } from '../load.ts';
import { drawSchedule } from '../schedule.ts';
import { peakConcurrency } from '../schedule-peak.ts';
import { parseTrace, type TraceRequest } from '../trace.ts';
import { readFile } from './files.ts';
import type { StoredRequest } from './shared-data.ts';

/**
 * The schedule of an open part (`LLM_ARRIVALS` other than `even`), as VUs share it. Init only.
 *
 * @throws ConfigError for a trace that cannot be used.
 */
export function makeSchedule(partName: string, load: OpenLoad, settings: Settings): StoredRequest[] {
  const requests = requestsOf(partName, load, settings);
  const times = requests.map(({ atMs }) => atMs);
  const peak = peakConcurrency(times, settings.expectedLatencyMs);
  return [
    [requests.length, times[times.length - 1] ?? 0, peak],
    ...requests.map(({ atMs, inputTokens, outputTokens }): StoredRequest => [
      atMs,
      inputTokens,
      outputTokens,
    ]),
  ];
}

function requestsOf(
  partName: string,
  load: OpenLoad,
  { arrivals, seed, timeScale }: Settings,
): TraceRequest[] {
  switch (arrivals.kind) {
    case 'even':
      return [];
    case 'poisson':
    case 'gamma':
      // A seed of its own: the parts of a suite are not to repeat each other.
      return drawSchedule(load.stages, { arrivals, seed: `${seed} ${partName}` }).map((atMs) => ({
        atMs,
        inputTokens: null,
        outputTokens: null,
      }));
    case 'trace': {
      const { file } = arrivals;
      const source = { fileName: file, setting: 'LLM_ARRIVALS', timeScale };
      const trace = parseTrace(readFile(file, 'LLM_ARRIVALS'), source);
      if (trace.skipped.count > 0) {
        const skips = describeSkips(trace.skipped, 'line');
        console.warn(`LLM_ARRIVALS ${file}: ${trace.requests.length} requests used, ${skips}`);
      }
      return trace.requests;
    }
  }
}
