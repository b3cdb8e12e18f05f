import exec from 'k6/execution';
import { withoutLoadStart } from '../../plan/load-starts.ts';
import { scheduledBefore } from '../../load/due.ts';
import type { PlannedStep } from '../../plan/planned-steps.ts';
import { plannedEndOf } from '../../plan/planned-end.ts';
import type { Threshold } from '../../plan/build-options.ts';
import type { Ending } from '../../summary/interruption.ts';
import { offeredRequests } from '../../load/load.ts';
import { iterationTimes, type PlannedPart, vusOf } from '../../plan/planned-parts.ts';
import { highestRatePerSec } from '../../load/scale-load.ts';
import { sloNames } from '../../figures/slo.ts';
import type { RunContext } from '../../summary/build-summary.ts';
import type { Dimensions } from '../../metrics/submetrics.ts';
import { turnLabels } from '../../prompts/session/turn-label.ts';
import type { LoadFigures } from '../../summary/summary.ts';
import { windowNames } from '../../plan/spike-times.ts';
import { modelsOf } from './all-providers.ts';
import { otherLoad } from './other-load.ts';
import type { PlannedRun } from './plan-run.ts';

/** What the summary tells apart. */
export function dimensionsOf(run: PlannedRun): Dimensions {
  const { settings, parts, scenario, providers } = run;
  return {
    models: providers === null ? [...new Set(settings.mix.map(({ model }) => model))] : modelsOf(providers),
    testTypes: parts.map(({ name }) => name),
    providers: providers?.map(({ name }) => name) ?? [settings.provider.name],
    kinds: run.kinds,
    hasWarmup: settings.warmupMs > 0,
    hasServerPage: settings.metricsUrls.length > 0,
    windows: run.spike === null ? [] : windowNames(run.spike),
    steps: run.steps.map(({ name }) => name),
    ownSteps: scenario.steps ?? [],
    turns: settings.shape.mostTurns > 1 ? turnLabels(mostDepth(run)) : [],
    hasSessions: hasSessions(run),
  };
}

/** Sessions of a file, or conversations that a trace tells. */
function hasSessions({ sessions, schedules }: PlannedRun): boolean {
  return sessions !== null || [...schedules.values()].some(({ traced }) => (traced?.mostTurns ?? 1) > 1);
}

/** Turns of the longest conversation. */
function mostDepth({ sessions, settings }: PlannedRun): number {
  return sessions?.mostDepth ?? settings.shape.mostTurns;
}

/** What a run knows of itself, for its summary. */
export function contextOf(run: PlannedRun, dimensions: Dimensions, thresholds: OptionThresholds): RunContext {
  const { settings, scenario } = run;
  return {
    scenario: scenario.name,
    target: settings.endpoints.displayUrl,
    provider: settings.provider.name,
    seed: settings.seed,
    transport: settings.transport,
    stream: run.streamMode !== 'blocking',
    dimensions,
    sloJudged: sloNames(run.slo),
    load: loadFigures(run),
    steps: run.steps.map((step) => ({
      ...step,
      ratePerSec: askedPerSec(run, step) * settings.shape.meanTurns,
    })),
    notes: [...loadNotes(run), ...transportNotes(run)],
    fullPriceWhenCached: fullPriceWhenCached(run, dimensions.models),
    budgetUsd: settings.budgetUsd,
    datasetRows: run.datasetRows,
    deferred: run.deferred,
    settings: settings.resolved,
    ending: endingOf(run, thresholds),
    untold: [],
  };
}

function fullPriceWhenCached({ providers, pricing }: PlannedRun, models: readonly string[]): string[] {
  const isFull = (asked: Pick<PlannedRun, 'pricing'>, model: string): boolean =>
    asked.pricing.priceOf(model)?.price.cachedInput === null;
  if (providers === null) return models.filter((model) => isFull({ pricing }, model));
  return models.filter((model) => providers.some((one) => one.model === model && isFull(one, model)));
}

type OptionThresholds = Readonly<Record<string, readonly Threshold[]>>;

/** null where k6 was told another load than ours, or is one of several that divide it: then it may be over sooner. */
function endingOf({ parts, settings }: PlannedRun, thresholds: OptionThresholds): Ending | null {
  if (executionSegment() !== null || otherLoad(parts) !== null) return null;
  const end = plannedEndOf(parts, iterationTimes(settings).timeoutMs);
  if (end === null) return null;
  const abortsOn = Object.entries(thresholds).flatMap(([metric, list]) =>
    list.flatMap((one) =>
      typeof one === 'object' && one.abortOnFail === true
        ? [`${withoutLoadStart(metric)}: ${one.threshold}`]
        : [],
    ),
  );
  return { ...end, abortsOn };
}

function loadFigures({ parts, settings }: PlannedRun): Omit<LoadFigures, 'vusNeeded' | 'deliveredRatio'> {
  const segment = executionSegment();
  const other = otherLoad(parts);
  if (other !== null) return { ...other, peakRatePerSec: null, offered: null, vusAllocated: null, segment };
  const loads = parts.map(({ load }) => load);
  const counts = loads.flatMap((load) => (load.kind === 'iterations' ? [load.count] : []));
  const iterations = counts.length === 0 ? null : counts.reduce((sum, count) => sum + count, 0);
  const offered = parts.map(({ load, schedule }) =>
    load.kind === 'open'
      ? (schedule?.count ?? offeredRequests(load.stages)) * settings.shape.meanTurns
      : null,
  );
  if (offered.every((count) => count === null)) {
    const model = loads.some(({ kind }) => kind === 'closed') ? 'closed' : 'iterations';
    return { model, peakRatePerSec: null, offered: null, iterations, vusAllocated: null, segment };
  }
  return {
    model: 'open',
    peakRatePerSec: Math.max(...parts.map(peakOf)) * settings.shape.meanTurns,
    offered: Math.round(offered.reduce((sum: number, count) => sum + (count ?? 0), 0)),
    iterations,
    vusAllocated: Math.max(...parts.map((part) => vusOf(part, settings) ?? 0)),
    segment,
  };
}

/** Conversations a second that a step asks for: by its schedule, where arrivals are drawn or from a trace. */
function askedPerSec(
  { parts, schedules }: PlannedRun,
  { ratePerSec, startMs, durationMs }: PlannedStep,
): number {
  const part = parts.find(({ name }) => schedules.has(name));
  const schedule = part === undefined ? undefined : schedules.get(part.name);
  if (part === undefined || schedule === undefined) return ratePerSec;
  const fromMs = startMs - part.zeroMs;
  const due = scheduledBefore(schedule, fromMs + durationMs) - scheduledBefore(schedule, fromMs);
  return (due * 1000) / durationMs;
}

/** Iterations a second, at most; 0 for loads that are not open. */
function peakOf({ load, schedule }: PlannedPart): number {
  return schedule?.traced?.peakPerSec ?? highestRatePerSec([load]) ?? 0;
}

/** What was set of the load, and had no effect. */
function loadNotes({ parts }: PlannedRun): string[] {
  return otherLoad(parts) === null
    ? []
    : [
        "k6 made another load than this scenario's: its own --vus, --duration, --iterations or --stage (or K6_DURATION and the like) replace it whole; LLM_RATE, LLM_VUS, LLM_ARRIVALS and LLM_TIME_SCALE set the scenario's",
      ];
}

/** What the transport could not see, and what its figures hold. */
function transportNotes({ settings, seesEventTimes, streamMode }: PlannedRun): string[] {
  if (streamMode === 'blocking') return [];
  const partly =
    streamMode === 'partly streamed'
      ? [
          'some kinds of tasks are asked for in one piece, the others streamed: what only streams show is of those',
        ]
      : [];
  if (!seesEventTimes) {
    return [
      ...partly,
      'no TTFT, TTFO or TPOT: over the http transport k6 reads a stream whole before the script sees it; use k6-llm run --stream, or LLM_TRANSPORT=sse with a k6 that has xk6-sse',
    ];
  }
  return settings.transport === 'sse'
    ? [...partly, 'TTFT holds connection set-up: xk6-sse opens a new connection for each request']
    : partly;
}

/** The part of a divided load that this k6 makes, `0:1/2`; null for all of it. */
export function executionSegment(): string | null {
  try {
    const { executionSegment: segment } = exec.test.options;
    return typeof segment === 'string' && segment !== '' ? segment : null;
  } catch {
    return null;
  }
}
