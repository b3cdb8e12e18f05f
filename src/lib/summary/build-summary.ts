import type { DeferredThreshold } from '../thresholds/defer-judging.ts';
import { WARNINGS } from '../answer/answer-warnings.ts';
import { formatCount, formatUsd } from '../text/format.ts';
import { SPENT_METRIC } from '../metrics/metric-list.ts';
import { judgeTrust } from './trust/judge-trust.ts';
import { blockOf, NO_SIDE_COUNT, totalsOf, type TotalsContext, type Untold, warmupCount } from './totals.ts';
import { leavingKind } from '../load/parse-abort.ts';
import { writeRepeatedRows } from './repeated-rows.ts';
import { countOf, type K6Data, readK6Data, valueOf } from './k6-data.ts';
import { recoveryOf } from './recovery.ts';
import { readSetup, type SetupRecord } from './setup-record.ts';
import type { PlannedStep } from '../plan/planned-steps.ts';
import { stepsOf } from './step-evidence.ts';
import { judgedThresholds, unguarded } from './judged-thresholds.ts';
import { blockDimensions, COUNTED_WARNINGS, type Dimensions, submetric } from '../metrics/submetrics.ts';
import { sessionsOf, turnsOf } from './turn-figures.ts';
import { asInterrupted, type Ending, interruptionOf } from './interruption.ts';
import { stopReasonOf } from './stop-reason.ts';
import { trustEvidence } from './trust/trust-evidence.ts';
import type { Block, LoadFigures, SideCount, Summary, ThresholdResult, Totals, Verdict } from './summary.ts';
import { ownValue } from '../parse/own-value.ts';

/** What a run knows of itself before it starts. */
export type RunContext = {
  scenario: string;
  target: string;
  provider: string;
  seed: number | null;
  transport: string;
  stream: boolean;
  dimensions: Dimensions;
  /** SLO terms that the transport can judge, `latency:8000`. */
  sloJudged: readonly string[];
  load: Omit<LoadFigures, 'vusNeeded' | 'deliveredRatio'>;
  /** What each step of `breakpoint` offers, and for how long; empty for other scenarios. */
  steps: readonly PlannedStep[];
  notes: readonly string[];
  /** Models whose cached tokens have no price of their own. */
  fullPriceWhenCached: readonly string[];
  /** `LLM_BUDGET_USD`; null without one. */
  budgetUsd: number | null;
  /** Rows of the user's data set; null without one. */
  datasetRows: number | null;
  /** Thresholds that whoever merges the parts of a run judges; none for a whole run. */
  deferred: readonly DeferredThreshold[];
  settings: Readonly<Record<string, string>>;
  /** null where nobody knows the plan. */
  ending: Ending | null;
  /** What the source of the data cannot tell. */
  untold: readonly Untold[];
};

/**
 * `summary.json` from what k6 hands to `handleSummary`. It cannot throw, and leaves no field out.
 *
 * @param data k6's argument, of any shape.
 */
export function buildSummary(data: unknown, context: RunContext): Summary {
  const k6 = readK6Data(data);
  const setup = readSetup(k6.setupData);
  const durationMs =
    k6.runDurationMs === null || setup === null ? null : Math.max(0, k6.runDurationMs - setup.loadStartsAtMs);
  const run: Run = { k6, setup, context, durationMs };
  const totals = totalsOf(k6, {}, totalsContext(run));
  const blocks = blockDimensions(context.dimensions).map(([tag, values]) => blocksBy(run, tag, values));
  const [models = {}, testTypes = {}, providers = {}, kinds = {}] = blocks;
  const stopped = stopReasonOf(k6, setup, context.budgetUsd);
  const interrupted = interruptionOf(k6, { durationMs, stopped, ending: context.ending });
  const isWhole = stopped === null && interrupted === null;
  const thresholds = [
    ...judgedThresholds(k6, isWhole),
    ...context.deferred.map((threshold) => ({ ...threshold, ok: null })),
  ];
  // What setup refused was never to be delivered, by no machine.
  const isRefused = typeof setup?.stopped === 'string';
  const deliveredRatio = isRefused ? null : deliveredOf(k6, context.dimensions.testTypes);
  const summary: Summary = {
    schemaVersion: 1,
    scenario: context.scenario,
    target: context.target,
    provider: context.provider,
    seed: context.seed,
    startedAt: setup === null || setup.startedAt === '' ? null : setup.startedAt,
    durationMs,
    transport: context.transport,
    stream: context.stream,
    stopped,
    interrupted,
    slo: verdictOf(thresholds, totals, { ...context, isWhole }),
    trust: judgeTrust(trustEvidence(k6, totals, { ...context.load, deliveredRatio })),
    totals,
    models,
    testTypes,
    providers,
    kinds,
    recovery: recoveryOf(k6, context.dimensions.windows),
    steps: stepsOf(k6, context.steps, { thresholds, durationMs }),
    turns: turnsOf(k6, context.dimensions.turns),
    sessions: sessionsOf(k6, context.dimensions),
    load: {
      ...context.load,
      deliveredRatio,
      vusNeeded: vusNeeded(k6, context.load.peakRatePerSec),
    },
    forecast: setup?.forecast ?? null,
    thresholds,
    findings: [],
    notes: [...context.notes, ...(setup?.notes ?? []), ...countedNotes(k6, context, { totals, models })],
    settings: context.settings,
    metrics: k6.metrics,
    histograms: null,
  };
  return interrupted === null ? summary : asInterrupted(summary, interrupted);
}

type Run = { k6: K6Data; setup: SetupRecord | null; context: RunContext; durationMs: number | null };

function totalsContext({ k6, setup, context, durationMs }: Run): TotalsContext {
  return {
    durationMs,
    preflight: sumSides(Object.values(setup?.preflight ?? {})),
    warmup: context.dimensions.hasWarmup ? warmupCount(k6) : NO_SIDE_COUNT,
    droppedIterations: countOf(k6, 'dropped_iterations'),
    untold: context.untold,
  };
}

/** One block a value; a dimension with one value is the total itself. */
function blocksBy(run: Run, tag: string, values: readonly string[]): Record<string, Block> {
  const whole = totalsContext(run);
  const apart = values.length > 1;
  const entries = values.map((value): [string, Block] => {
    const context: TotalsContext = apart
      ? {
          ...whole,
          droppedIterations: null,
          warmup: run.context.dimensions.hasWarmup ? warmupCount(run.k6, { [tag]: value }) : NO_SIDE_COUNT,
        }
      : whole;
    const preflight =
      tag === 'model' ? (ownValue(run.setup?.preflight ?? {}, value) ?? NO_SIDE_COUNT) : context.preflight;
    return [value, blockOf(run.k6, apart ? { [tag]: value } : {}, { ...context, preflight })];
  });
  return Object.fromEntries(entries);
}

function sumSides(sides: readonly SideCount[]): SideCount {
  return sides.reduce(
    (sum, side) => ({
      requests: sum.requests + side.requests,
      inputTokens: sum.inputTokens + side.inputTokens,
      outputTokens: sum.outputTokens + side.outputTokens,
      costUsd: side.costUsd === null ? sum.costUsd : (sum.costUsd ?? 0) + side.costUsd,
    }),
    NO_SIDE_COUNT,
  );
}

/** A run without one success never passes, whatever its thresholds say. A part of one is judged with the others. */
function verdictOf(
  thresholds: readonly ThresholdResult[],
  totals: Totals,
  { sloJudged: judged, deferred, isWhole }: Pick<RunContext, 'sloJudged' | 'deferred'> & { isWhole: boolean },
): Verdict {
  const breached = thresholds
    .filter(({ ok }) => ok === false)
    .map(({ metric, expression }) => `${metric}: ${expression}`);
  const isPart = deferred.length > 0;
  if (!isPart && totals.requestsStarted > 0 && totals.succeeded === 0 && breached.length === 0) {
    breached.push('ai_requests_succeeded: count>0');
  }
  if (!isPart && isWhole) {
    breached.push(
      ...unguarded(thresholds).map(({ metric, expression }) => `${metric}: ${expression} (no sample)`),
    );
  }
  if (breached.length > 0) return { state: 'fail', breached, judged };
  const isJudged = !isPart && thresholds.some(({ ok }) => ok !== null);
  return { state: totals.succeeded > 0 && isJudged ? 'pass' : 'not-judged', breached, judged };
}

/** The least of the open parts'; null where none told. */
function deliveredOf(k6: K6Data, testTypes: readonly string[]): number | null {
  if (valueOf(k6, DELIVERED, 'value') === null) return null;
  // Declared, as thresholds name them, for open parts alone; k6 gives 0 for a part that never began.
  const told = testTypes.flatMap(
    (part) => valueOf(k6, submetric(DELIVERED, { test_type: part }), 'value') ?? [],
  );
  return told.length === 0 ? valueOf(k6, DELIVERED, 'value') : Math.min(...told);
}

const DELIVERED = 'ai_delivered_ratio';

/** VUs that the peak rate occupies at the latency seen, its 95th percentile (Little's law). */
function vusNeeded(k6: K6Data, peakRatePerSec: number | null): number | null {
  const p95Ms = valueOf(k6, 'ai_latency_ms', 'p(95)');
  return peakRatePerSec === null || p95Ms === null ? null : Math.ceil((peakRatePerSec * p95Ms) / 1000);
}

/** What counts make worth a note: of a part of a run, that is told anew of the whole. */
export function countedNotes(
  k6: K6Data,
  context: Pick<RunContext, 'datasetRows' | 'dimensions' | 'fullPriceWhenCached' | 'budgetUsd' | 'settings'>,
  { totals, models }: Pick<Summary, 'totals' | 'models'>,
): string[] {
  return [
    ...notesOf(k6, totals),
    ...survivorNotes(context, totals),
    ...repeatedRows(k6, context),
    ...moneyNotes(k6, context, { totals, models }),
  ];
}

function notesOf(k6: K6Data, totals: Totals): string[] {
  const notes: string[] = [];
  if (!k6.isLegacyShape)
    notes.push('k6 gave its new machine-readable summary, which holds no figures for this one');
  if (totals.usageMissing > 0)
    notes.push(`${totals.usageMissing} answers had no token counts; they are in no token or dollar figure`);
  if (totals.unpriced > 0)
    notes.push(`${totals.unpriced} answers came from models without a price; they are in no dollar figure`);
  if (totals.aborted > 0)
    notes.push(
      `${totals.aborted} streams were given up by their users (LLM_ABORT); they are in no latency and no error rate, and the provider bills what it wrote`,
    );
  if (totals.unknownFinish > 0)
    notes.push(
      `${totals.unknownFinish} answers: ${WARNINGS.unknown_finish}; the log names the first, the samples each`,
    );
  if (totals.invalidOutput > 0)
    notes.push(`${totals.invalidOutput} answers are not the JSON that was asked for; they are no errors`);
  for (const kind of COUNTED_WARNINGS) {
    const count = totals.warnings?.[kind] ?? 0;
    if (count > 0) notes.push(`${count} answers: ${WARNINGS[kind]}`);
  }
  if (totals.cutShort !== null && totals.cutShort > 0)
    notes.push(
      `${totals.cutShort} requests were cut short by the end of the run; the provider bills them all the same`,
    );
  const missed = valueOf(k6, 'ai_server_scraped', 'fails') ?? 0;
  const looks = missed + (valueOf(k6, 'ai_server_scraped', 'passes') ?? 0);
  if (missed > 0)
    notes.push(
      `${missed} of ${looks} looks at the server's metrics page (LLM_METRICS_URL) told nothing: its figures are of the others, and the log tells why`,
    );
  if (totals.samplesRejected !== null && totals.samplesRejected > 0)
    notes.push(
      `${totals.samplesRejected} values were not finite or below zero and were kept out of the metrics`,
    );
  return notes;
}

/** Who leaves after a while leaves slow answers, and who leaves after some tokens leaves long ones: what stays is the rest. */
function survivorNotes({ settings }: Pick<RunContext, 'settings'>, { aborted }: Totals): string[] {
  const rule = (settings['LLM_ABORT'] ?? '').trim();
  const kind = aborted > 0 ? leavingKind(rule) : null;
  return kind === null
    ? []
    : [
        `latency looks better than it is: the ${kind === 'time' ? 'slow' : 'long'} answers that LLM_ABORT=${rule} gave up are in none of its figures`,
      ];
}

/** Each row comes once before any comes again; parts of a run each begin with the first. */
function repeatedRows(
  k6: K6Data,
  { datasetRows, dimensions }: Pick<RunContext, 'datasetRows' | 'dimensions'>,
): string[] {
  const iterations = countOf(k6, 'iterations');
  const isRepeated =
    datasetRows !== null && iterations > 0 && (iterations > datasetRows || dimensions.testTypes.length > 1);
  return isRepeated ? [writeRepeatedRows({ iterations, rows: datasetRows })] : [];
}

function moneyNotes(
  k6: K6Data,
  context: Pick<RunContext, 'fullPriceWhenCached' | 'budgetUsd'>,
  { totals, models }: Pick<Summary, 'totals' | 'models'>,
): string[] {
  const notes: string[] = [];
  const dear = context.fullPriceWhenCached.filter(
    (model) => (ownValue(models, model)?.cachedInputTokens ?? 0) > 0,
  );
  if (dear.length > 0) {
    notes.push(
      `dollars are an upper bound: cached tokens of ${dear.join(', ')} have no price of their own and count in full`,
    );
  }
  const spentUsd = countOf(k6, SPENT_METRIC);
  if (context.budgetUsd !== null && spentUsd > context.budgetUsd) {
    notes.push(
      `the budget of ${formatUsd(context.budgetUsd)} was passed by ${formatUsd(spentUsd - context.budgetUsd)}; ` +
        `${formatCount(totals.cutShort)} requests were in flight when the run stopped`,
    );
  }
  return notes;
}
