import { SharedArray } from 'k6/data';
import type { Schedule, ScheduleFigures, TracedTurn } from '../../plan/planned-parts.ts';
import type { LaterRequest, TraceRequest } from '../../load/trace/trace.ts';
import type { ShapedPart } from '../../load/parse-load.ts';
import type { ProviderFile } from '../provider-file.ts';
import { ownText, partsOf, type ScenarioDefinition } from '../scenario-definition.ts';

/**
 * `[atMs, inputTokens, outputTokens]`; hashed blocks or a trace's `blockTokens` where it has some; and the requests that
 * go on from it, or a trace's `[meanTurns, mostTurns, meanPauseMs, mostPauseMs]`.
 */
export type StoredRequest = readonly [
  number,
  number | null,
  number | null,
  (number | readonly string[] | null)?,
  (readonly StoredTurn[] | readonly number[])?,
];

type StoredTurn = readonly [
  atMs: number,
  inputTokens: number | null,
  outputTokens: number | null,
  blocks: readonly string[] | null,
  parent: number,
];

/** What stands before them: `[count, lengthMs, peakConcurrency]`, and `[peakPerSec, inputTokens, outputTokens]` of a trace. */
const HEAD_ROWS = 2;

/** What all VUs share in memory: rows of a file, times of a schedule. */
export type SharedData = {
  /** Prompts as `decodePrompt` takes them; null when they are not from a file. */
  dataset: readonly string[] | null;
  /** By the name of the part. */
  schedules: ReadonlyMap<string, readonly StoredRequest[]>;
  /** The text of `LLM_PRICES`; null without one. */
  pricesText: string | null;
  /** null: there is one target. */
  providerFile: ProviderFile | null;
};

/** How the shared data are made. Called once a run, by whoever comes first: k6 keeps what it returns. */
export type Makers = {
  dataset: () => string[];
  schedule: (part: ShapedPart, dataset: SharedData['dataset']) => StoredRequest[];
  pricesText: () => string;
};

/** In a VU the data are there already. */
const MADE_BEFORE: Makers = { dataset: () => [], schedule: () => [], pricesText: () => '' };

/** Opens the shared data. Init only, in every VU, under the same names. */
export function openSharedData(
  definition: ScenarioDefinition<unknown>,
  makers: Makers = MADE_BEFORE,
): SharedData {
  const isGiven = (name: 'LLM_DATASET' | 'LLM_PRICES'): boolean => ownText(definition, name) !== '';
  const arrivals = ownText(definition, 'LLM_ARRIVALS').toLowerCase();
  const scheduled =
    arrivals === '' || arrivals === 'even'
      ? []
      : partsOf(definition).filter(({ load }) => load.kind === 'open');
  const dataset = isGiven('LLM_DATASET') ? new SharedArray('dataset', makers.dataset) : null;
  // Empty in most VUs: one of a list would touch the engine's iterators, 6 kB a VU.
  const schedules = new Map<string, readonly StoredRequest[]>();
  for (const part of scheduled) {
    const { name } = part;
    schedules.set(name, new SharedArray(`schedule ${name}`, () => makers.schedule(part, dataset)));
  }
  return {
    dataset,
    schedules,
    pricesText: isGiven('LLM_PRICES')
      ? (new SharedArray('prices', () => [makers.pricesText()])[0] ?? '')
      : null,
    providerFile: definition.openProviders?.() ?? null,
  };
}

/** What `openSchedule` reads. */
export function storeSchedule(
  { count, lengthMs, peakConcurrency, traced }: ScheduleFigures,
  requests: readonly TraceRequest[],
): StoredRequest[] {
  return [
    [count, lengthMs, peakConcurrency],
    [
      traced?.peakPerSec ?? 0,
      traced?.inputTokens ?? null,
      traced?.outputTokens ?? null,
      traced?.blockTokens ?? null,
      traced === null ? [] : [traced.meanTurns, traced.mostTurns, traced.meanPauseMs, traced.mostPauseMs],
    ],
    ...requests.map(({ atMs, inputTokens, outputTokens, blocks, later }): StoredRequest => {
      if (later.length > 0) return [atMs, inputTokens, outputTokens, blocks, later.map(storeTurn)];
      return blocks === null ? [atMs, inputTokens, outputTokens] : [atMs, inputTokens, outputTokens, blocks];
    }),
  ];
}

function storeTurn({ atMs, inputTokens, outputTokens, blocks, parent }: LaterRequest): StoredTurn {
  return [atMs, inputTokens, outputTokens, blocks, parent];
}

function turnsIn(stored: StoredRequest[4], blockTokens: number | null): TracedTurn[] {
  return (stored ?? []).flatMap((turn) => {
    if (typeof turn === 'number') return [];
    const [atMs, inputTokens, outputTokens, blocks, parent] = turn;
    return [{ atMs, inputTokens, outputTokens, blocks, parent, blockTokens }];
  });
}

/** A stored schedule, read one request at a time. */
export function openSchedule(stored: readonly StoredRequest[]): Schedule {
  const [count = 0, lengthMs = 0, peakConcurrency = 1] = stored[0] ?? [];
  const [peakPerSec = 0, inputTokens = null, outputTokens = null, block = null, turns] = stored[1] ?? [];
  const blockTokens = typeof block === 'number' ? block : null;
  const [meanTurns = 1, mostTurns = 1, meanPauseMs = 0, mostPauseMs = 0] = (turns ?? []).filter(
    (value) => typeof value === 'number',
  );
  return {
    count,
    lengthMs: lengthMs ?? 0,
    peakConcurrency: peakConcurrency ?? 1,
    traced:
      peakPerSec === 0
        ? null
        : {
            peakPerSec,
            inputTokens,
            outputTokens,
            blockTokens,
            meanTurns,
            mostTurns,
            meanPauseMs,
            mostPauseMs,
          },
    requestAt: (iteration) => {
      const [atMs = 0, input = null, output = null, blocks = null, later] = storedAt(stored, iteration) ?? [];
      return {
        atMs,
        inputTokens: input,
        outputTokens: output,
        blocks: typeof blocks === 'number' ? null : blocks,
        blockTokens,
        later: later === undefined ? NO_TURNS : turnsIn(later, blockTokens),
      };
    },
  };
}

const NO_TURNS: readonly TracedTurn[] = [];

/** Request i of a schedule that is not opened yet. */
export function storedAt(stored: readonly StoredRequest[], iteration: number): StoredRequest | undefined {
  return stored[HEAD_ROWS + iteration];
}
