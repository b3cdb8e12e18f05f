import { buildSummary, type RunContext } from '../../../lib/summary/build-summary.ts';
import { submetricsFor } from '../../../lib/metrics/submetrics.ts';
import { byTurn } from '../../../lib/prompts/session/turn-label.ts';
import type { RunRecord } from '../../../lib/summary/run-record.ts';
import type { Summary, ThresholdResult } from '../../../lib/summary/summary.ts';
import { UNKNOWN_RUN } from '../../../lib/summary/unknown-run.ts';
import type { Untold } from '../../../lib/summary/totals.ts';
import { type Figures, MAX_NAMES, OTHERS } from '../figures/figures.ts';
import { toK6Shape } from '../figures/k6-shape.ts';
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
  /** What it knew when its load began; null where nobody told. */
  facts: RunRecord | null;
  /** Metrics that k6 kept apart for its thresholds. */
  declared: readonly string[];
  /** What its files cannot tell. */
  untold: readonly Untold[];
};

/**
 * A summary made from samples alone: of runs without the launcher, and of one that goes on. Without
 * histograms, which take longer than all the rest: `withHistograms` adds them where it is written.
 */
export function summaryFromFigures(figures: Figures, run: KnownRun): Summary {
  const context = contextOf(figures, run);
  const data = toK6Shape(figures, {
    durationMs: run.durationMs,
    startedAt: run.startedAt,
    thresholds: run.thresholds,
    setup: run.facts?.setup ?? null,
    declared: [...submetricsFor(context.dimensions), ...run.declared],
  });
  const summary = buildSummary(data, context);
  return {
    ...summary,
    // What was not judged is in no shape of k6's.
    thresholds: run.thresholds,
    // No sample tells why a run ended.
    stopped: run.facts?.setup.stopped ?? null,
    trust: trustFrom(summary, figures, UNKNOWN_HEALTH),
  };
}

function contextOf(figures: Figures, run: KnownRun): RunContext {
  const notes = figures.hasOthers ? [...run.notes, OTHERS_NOTE] : run.notes;
  const { facts, untold } = run;
  if (facts !== null) return { ...facts.context, notes: [...facts.context.notes, ...notes], untold };
  const providers = figures.partNames('provider');
  return {
    ...UNKNOWN_RUN,
    scenario: run.scenario,
    target: UNKNOWN,
    provider: providers.join(', ') || UNKNOWN,
    seed: run.seed,
    transport: UNKNOWN,
    stream: figures.trend('ai_ttft_ms').count > 0,
    dimensions: {
      ...UNKNOWN_RUN.dimensions,
      models: figures.partNames('model'),
      testTypes: figures.partNames('scenario'),
      providers,
      kinds: figures.partNames('kind'),
      hasWarmup: figures.metrics.has('ai_requests_started{phase:warmup}'),
      windows: figures.partNames('window').toSorted(),
      steps: figures.partNames('step').toSorted(),
      turns: figures.partNames('turn').toSorted(byTurn),
      hasSessions: figures.metrics.has('ai_sessions'),
    },
    notes,
    untold,
  };
}
