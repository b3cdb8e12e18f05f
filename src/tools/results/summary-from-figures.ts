import { buildSummary, type RunContext } from '../../lib/summary/build-summary.ts';
import type { Summary, ThresholdResult } from '../../lib/summary/summary.ts';
import { encodeFigures } from './encode-figures.ts';
import { type Figures, MAX_NAMES, OTHERS } from './run-figures.ts';
import { toK6Shape } from './k6-shape.ts';
import { trustFrom, UNKNOWN_HEALTH } from './trust-from.ts';

/** In place of what nobody told. */
export const UNKNOWN = 'unknown';

const OTHERS_NOTE = `more than ${MAX_NAMES.model} models, providers or scenarios: the others are counted together as ${OTHERS}`;

/** What a run without a summary.json still knows of itself. */
export type KnownRun = {
  scenario: string;
  startedAt: string | null;
  durationMs: number;
  seed: number | null;
  thresholds: readonly ThresholdResult[];
  notes: readonly string[];
};

/** A summary made from samples alone: for runs without the launcher, and for merged ones. */
export function summaryFromFigures(figures: Figures, run: KnownRun, like: Summary | null = null): Summary {
  return { ...summaryOfNow(figures, run, like), histograms: encodeFigures(figures) };
}

/** The same without its histograms, which take longer than all the rest: for a run that goes on. */
export function summaryOfNow(figures: Figures, run: KnownRun, like: Summary | null = null): Summary {
  const data = toK6Shape(figures, {
    durationMs: run.durationMs,
    startedAt: run.startedAt,
    thresholds: run.thresholds,
    notes: [],
  });
  const summary = buildSummary(data, contextOf(figures, run, like));
  return {
    ...summary,
    // What was not judged is in no shape of k6's.
    thresholds: run.thresholds,
    // No sample tells why a run ended.
    stopped: like?.stopped ?? null,
    trust: trustFrom(summary, figures, UNKNOWN_HEALTH),
  };
}

function contextOf(figures: Figures, run: KnownRun, like: Summary | null): RunContext {
  const providers = figures.partNames('provider');
  return {
    scenario: run.scenario,
    target: like?.target ?? UNKNOWN,
    provider: like?.provider ?? (providers.join(', ') || UNKNOWN),
    seed: run.seed,
    transport: like?.transport ?? UNKNOWN,
    stream: like?.stream ?? figures.trend('ai_ttft_ms').count > 0,
    dimensions: {
      models: figures.partNames('model'),
      testTypes: figures.partNames('scenario'),
      providers,
      hasWarmup: false,
      hasServerPage: false,
      windows: figures.partNames('window').toSorted(),
      steps: figures.partNames('step').toSorted(),
    },
    sloJudged: like?.slo.judged ?? [],
    load: like?.load ?? { model: 'iterations', peakRatePerSec: null, offered: null, vusAllocated: null },
    steps: [],
    notes: figures.hasOthers ? [...run.notes, OTHERS_NOTE] : run.notes,
    fullPriceWhenCached: [],
    budgetUsd: null,
    datasetRows: null,
    settings: like?.settings ?? {},
    ending: null,
  };
}
