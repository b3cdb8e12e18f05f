import { SharedArray } from 'k6/data';
import type { TraceRequest } from '../trace.ts';
import { given, isGiven } from './given.ts';
import type { Scenario } from './run.ts';

/** `[atMs, inputTokens, outputTokens]`; the first of all is `[count, lengthMs, peakConcurrency]`. */
export type StoredRequest = readonly [number, number | null, number | null];

/** What all VUs share in memory: rows of a file, times of a schedule. */
export type SharedData = {
  /** Prompts as `decodePrompt` takes them; null when they are not from a file. */
  dataset: readonly string[] | null;
  /** By the name of the part. */
  schedules: ReadonlyMap<string, readonly StoredRequest[]>;
  /** The text of `LLM_PRICES`; null without one. */
  pricesText: string | null;
};

/** How the shared data are made. Called once a run, by whoever comes first: k6 keeps what it returns. */
export type Makers = {
  dataset: () => string[];
  schedule: (part: Scenario['parts'][number]) => StoredRequest[];
  pricesText: () => string;
};

/** In a VU the data are there already. */
const MADE_BEFORE: Makers = { dataset: () => [], schedule: () => [], pricesText: () => '' };

/** Opens the shared data. Init only, in every VU, under the same names. */
export function openSharedData({ parts }: Scenario, makers: Makers = MADE_BEFORE): SharedData {
  const arrivals = given('LLM_ARRIVALS').toLowerCase();
  const scheduled =
    arrivals === '' || arrivals === 'even' ? [] : parts.filter(({ load }) => load.kind === 'open');
  return {
    dataset: isGiven('LLM_DATASET') ? new SharedArray('dataset', makers.dataset) : null,
    schedules: new Map(
      scheduled.map((part) => [
        part.name,
        new SharedArray(`schedule ${part.name}`, () => makers.schedule(part)),
      ]),
    ),
    pricesText: isGiven('LLM_PRICES')
      ? (new SharedArray('prices', () => [makers.pricesText()])[0] ?? '')
      : null,
  };
}

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

/** A stored schedule, read one request at a time. */
export function openSchedule(stored: readonly StoredRequest[]): Schedule {
  const [count = 0, lengthMs = 0, peakConcurrency = 1] = stored[0] ?? [];
  return {
    count,
    lengthMs: lengthMs ?? 0,
    peakConcurrency: peakConcurrency ?? 1,
    requestAt: (iteration) => {
      const [atMs = 0, inputTokens = null, outputTokens = null] = stored[iteration + 1] ?? [];
      return { atMs, inputTokens, outputTokens };
    },
  };
}
