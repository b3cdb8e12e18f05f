import type { PlannedStep } from '../../../lib/plan/planned-steps.ts';
import type { RunContext } from '../../../lib/summary/build-summary.ts';
import { byTurn } from '../../../lib/prompts/session/turn-label.ts';
import type { K6Data } from '../../../lib/summary/k6-data.ts';
import type { SetupRecord } from '../../../lib/summary/setup-record.ts';
import type { SideCount, Summary } from '../../../lib/summary/summary.ts';
import type { Untold } from '../../../lib/summary/totals.ts';
import type { RunData } from '../read/run-data.ts';

/** What a part of a run knew of itself: from its samples, else as far as its summary tells. */
export function contextOfPart({ facts, summary }: RunData): RunContext {
  const told = facts?.context ?? null;
  const { models, testTypes, providers, metrics, settings } = summary;
  const budgetUsd = Number(settings['LLM_BUDGET_USD'] ?? '');
  return {
    scenario: summary.scenario,
    target: summary.target,
    provider: summary.provider,
    seed: summary.seed,
    transport: summary.transport,
    stream: summary.stream,
    dimensions: told?.dimensions ?? {
      models: Object.keys(models),
      testTypes: Object.keys(testTypes),
      providers: Object.keys(providers),
      // An older summary.json does not tell of kinds.
      kinds: Object.keys(summary.kinds ?? {}),
      hasWarmup: Object.hasOwn(metrics, 'ai_requests_started{phase:warmup}'),
      hasServerPage: Object.keys(metrics).some((name) => name.startsWith('ai_server_')),
      windows: valuesOfTag(metrics, 'window'),
      steps: valuesOfTag(metrics, 'step'),
      ownSteps: [],
      turns: valuesOfTag(metrics, 'turn').toSorted(byTurn),
      hasSessions: Object.hasOwn(metrics, 'ai_sessions'),
    },
    sloJudged: summary.slo.judged,
    // An older summary.json does not tell of segments, nor of iterations.
    load: {
      ...summary.load,
      segment: summary.load.segment ?? null,
      iterations: summary.load.iterations ?? null,
    },
    steps: told?.steps ?? stepsOfPart(summary),
    notes: [],
    fullPriceWhenCached: told?.fullPriceWhenCached ?? [],
    budgetUsd: budgetUsd > 0 ? budgetUsd : null,
    datasetRows: told?.datasetRows ?? null,
    deferred: [],
    settings,
    ending: null,
    untold: UNTOLD.filter((field) => summary.totals[field] === null),
  };
}

const UNTOLD: readonly Untold[] = ['droppedIterations', 'cutShort', 'samplesRejected', 'preflight'];

/** An older summary.json does not tell what its steps were called, nor when they were. */
function stepsOfPart({ steps }: Summary): PlannedStep[] {
  return (steps ?? []).flatMap(({ name, ratePerSec, startMs, durationMs }) =>
    typeof name === 'string' ? [{ name, ratePerSec, startMs, durationMs }] : [],
  );
}

/** In the order of their names, which is that of time. */
function valuesOfTag(metrics: Summary['metrics'], tag: string): string[] {
  const values = Object.keys(metrics).flatMap((name) => {
    const value = new RegExp(`[{,]${tag}:([^,}]*)`).exec(name)?.[1];
    return value === undefined ? [] : [value];
  });
  return [...new Set(values)].toSorted();
}

/** What k6 handed to a part's own summary. */
export function dataOfPart({ metrics, thresholds, durationMs }: Summary): K6Data {
  return {
    metrics,
    thresholds: thresholds.map((threshold) => ({ ...threshold, ok: threshold.ok !== false })),
    runDurationMs: durationMs,
    setupData: null,
    isLegacyShape: true,
  };
}

/** What setup told it. */
export function setupOfPart({ startedAt, forecast, stopped, models }: Summary): SetupRecord {
  const preflights = Object.entries(models).flatMap(([model, { preflight }]): [string, SideCount][] =>
    preflight === null ? [] : [[model, preflight]],
  );
  return {
    startedAt: startedAt ?? '',
    loadStartsAtMs: 0,
    preflight: Object.fromEntries(preflights),
    forecast,
    notes: [],
    stopped,
    failedProviders: [],
    clockAhead: null,
  };
}
