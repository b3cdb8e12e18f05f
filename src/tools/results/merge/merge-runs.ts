import { settingsWith } from '../../../lib/settings/catalog.ts';
import { buildSummary, countedNotes, type RunContext } from '../../../lib/summary/build-summary.ts';
import { byTurn } from '../../../lib/prompts/session/turn-label.ts';
import { clockNotes } from '../../../lib/summary/clock-ahead.ts';
import { asInterrupted } from '../../../lib/summary/interruption.ts';
import type { Interruption, Summary, ThresholdResult } from '../../../lib/summary/summary.ts';
import { isAddedTimeText } from '../../calibration/calibration.ts';
import { addForecasts, addKnown, addPreflights, addStages } from './add-parts.ts';
import { mergeNotes } from '../read/file-notes.ts';
import { mergeMetrics } from './merge-metrics.ts';
import { mergeThresholds, withUnjudged } from './merge-thresholds.ts';
import { contextOfPart, dataOfPart } from './part-context.ts';
import { Figures } from '../figures/figures.ts';
import { UNKNOWN } from './summary-from-figures.ts';
import { InputError, type RunData } from '../read/run-data.ts';
import { trustFrom, UNKNOWN_HEALTH } from './trust-from.ts';

/**
 * The machines of one distributed run as one run, as one k6 would have told it: Counters added up, percentiles from
 * merged histograms, thresholds judged anew.
 *
 * @throws InputError when runs have no distributions, or are not parts of one run.
 */
export function mergeRuns(runs: readonly RunData[]): RunData {
  const [first] = runs;
  if (first === undefined) throw new InputError('nothing to merge');
  if (runs.length === 1) return first;
  // A part that was killed left samples alone, which may tell little of its settings.
  const told = runs.find(({ summary }) => isKnown(summary.target)) ?? first;
  refuseStrangers(told, runs);
  const figures = new Figures();
  for (const run of runs) figures.merge(figuresOf(run));
  const summaries = runs.map(({ summary }) => summary);
  const whole = wholeSummary(runs, { told, figures });
  const interrupted = firstInterruption(summaries);
  return {
    ...first,
    label: runs.map(({ label }) => label).join(' + '),
    summary: interrupted === null ? whole : asInterrupted(whole, interrupted),
    figures,
    stages: isDivided(runs) ? (runs.find(({ stages }) => stages.length > 0)?.stages ?? []) : addStages(runs),
    samplesPath: null,
    requests: addRequests(runs),
    segment: null,
  };
}

/** null unless every part's are known. */
function addRequests(runs: readonly RunData[]): RunData['requests'] {
  const all = runs.map(({ requests }) => requests);
  return all.every((requests) => requests !== null) ? all.flat() : null;
}

function wholeSummary(
  runs: readonly RunData[],
  { told, figures }: { told: RunData; figures: Figures },
): Summary {
  const summaries = runs.map(({ summary }) => summary);
  const metrics = mergeMetrics(
    summaries.map((summary) => summary.metrics),
    figures,
  );
  const context = wholeContext(runs, told);
  const thresholds = mergeThresholds(summaries, { metrics, figures, budgetUsd: context.budgetUsd });
  const data = {
    metrics: withThresholds(metrics, thresholds),
    state: { testRunDurationMs: Math.max(...summaries.map(({ durationMs }) => durationMs ?? 0)) },
    setup_data: {
      record: {
        startedAt: earliest(summaries),
        loadStartsAtMs: 0,
        preflight: addPreflights(summaries),
        forecast: isDivided(runs) ? told.summary.forecast : addForecasts(summaries),
        notes: [],
        stopped: summaries.find(({ stopped }) => stopped)?.stopped ?? null,
      },
    },
  };
  const merged = withUnjudged(buildSummary(data, context), thresholds);
  return { ...merged, trust: worstTrust(trustFrom(merged, figures, UNKNOWN_HEALTH), summaries) };
}

/** What all parts together were to do. Each of a divided run knew the whole. */
function wholeContext(runs: readonly RunData[], told: RunData): RunContext {
  const contexts = runs.map(contextOfPart);
  const own = contextOfPart(told);
  const divided = isDivided(runs);
  const union = <T>(pick: (context: RunContext) => readonly T[]): T[] => [
    ...new Set([...pick(own), ...contexts.flatMap(pick)]),
  ];
  const add = (pick: (context: RunContext) => number | null): number | null => addKnown(contexts.map(pick));
  const budgetUsd = addKnown(withoutShared(contexts).map((context) => context.budgetUsd));
  return {
    ...own,
    dimensions: {
      models: union(({ dimensions }) => dimensions.models),
      testTypes: union(({ dimensions }) => dimensions.testTypes),
      providers: union(({ dimensions }) => dimensions.providers),
      kinds: union(({ dimensions }) => dimensions.kinds),
      hasWarmup: contexts.some(({ dimensions }) => dimensions.hasWarmup),
      hasServerPage: contexts.some(({ dimensions }) => dimensions.hasServerPage),
      windows: union(({ dimensions }) => dimensions.windows),
      steps: union(({ dimensions }) => dimensions.steps),
      ownSteps: [],
      turns: union(({ dimensions }) => dimensions.turns).toSorted(byTurn),
      hasSessions: contexts.some(({ dimensions }) => dimensions.hasSessions),
    },
    load: {
      model: own.load.model,
      segment: null,
      peakRatePerSec: divided ? own.load.peakRatePerSec : add(({ load }) => load.peakRatePerSec),
      offered: divided ? own.load.offered : add(({ load }) => load.offered),
      iterations: divided ? own.load.iterations : add(({ load }) => load.iterations),
      vusAllocated: divided ? own.load.vusAllocated : add(({ load }) => load.vusAllocated),
    },
    steps: own.steps.map((step, index) => ({
      ...step,
      ratePerSec: divided
        ? step.ratePerSec
        : contexts.reduce((sum, { steps }) => sum + (steps[index]?.ratePerSec ?? 0), 0),
    })),
    notes: [
      `merged from ${runs.length} parts: ${runs.map(({ label }) => label).join(', ')}`,
      ...clockNotes(runs.map(({ label, facts }) => ({ label, ahead: facts?.setup.clockAhead ?? null }))),
      ...mergeNotes(runs.flatMap(notesOfPart)),
    ],
    budgetUsd,
    settings: settingsOfWhole(own.settings, budgetUsd),
    untold: union((context) => context.untold),
  };
}

function settingsOfWhole(
  settings: Readonly<Record<string, string>>,
  budgetUsd: number | null,
): Readonly<Record<string, string>> {
  const whole = Object.hasOwn(settings, 'LLM_SHARD') ? { ...settings, LLM_SHARD: '' } : settings;
  return budgetUsd === null ? whole : { ...whole, LLM_BUDGET_USD: String(budgetUsd) };
}

/** Each budget once: parts of one machine share their meter's, and machines have their own (`LLM_SHARD`). */
function withoutShared(contexts: readonly RunContext[]): RunContext[] {
  const meters = new Set<string>();
  return contexts.filter(({ settings }) => {
    const meter = settings['LLM_SHARD'] ? '' : (settings['LLM_METER_URL'] ?? '');
    if (meter === '') return true;
    const isNew = !meters.has(meter);
    meters.add(meter);
    return isNew;
  });
}

/** Whether k6 divided one load among the parts; else each made a load of its own. */
function isDivided(runs: readonly RunData[]): boolean {
  return runs.every(({ segment, summary }) => (segment ?? summary.load.segment ?? null) !== null);
}

/** But what was counted, which is told of the whole. Of several machines, each says which one it is. */
function notesOfPart(run: RunData): string[] {
  const counted = new Set(countedNotes(dataOfPart(run.summary), contextOfPart(run), run.summary));
  return run.summary.notes
    .filter((note) => !counted.has(note))
    .map((note) => (isAddedTimeText(note) ? `${run.label}: ${note}` : note));
}

/** One part that did not go to its end is enough: the load was not the one that was planned. */
function firstInterruption(summaries: readonly Summary[]): Interruption | null {
  const found = summaries.flatMap(({ interrupted }) => interrupted ?? []);
  return found.toSorted((a, b) => (a.afterMs ?? 0) - (b.afterMs ?? 0))[0] ?? null;
}

function figuresOf(run: RunData): Figures {
  if (run.figures !== null) return run.figures;
  throw new InputError(
    `${run.label}: its summary.json holds no histograms, and percentiles cannot be averaged; name the folder with its samples, k6's JSON output, or a run made by k6-llm run`,
  );
}

function refuseStrangers(first: RunData, runs: readonly RunData[]): void {
  for (const run of runs) {
    const why = strangeness(first, run);
    if (why !== null) throw new InputError(`${why}; use --sections for a section each, or k6-llm compare`);
  }
}

/** Why two runs are not the machines of one, in words; null when nothing speaks against it. */
export function strangeness(first: RunData, run: RunData): string | null {
  const pairs: [string, string | undefined, string | undefined][] = [
    ['scenario', first.summary.scenario, run.summary.scenario],
    ['target', first.summary.target, run.summary.target],
    ...settingsWith('parts').map((name): [string, string | undefined, string | undefined] => [
      name,
      first.summary.settings[name],
      run.summary.settings[name],
    ]),
  ];
  for (const [what, ours, theirs] of pairs) {
    if (ours === theirs || !isKnown(ours) || !isKnown(theirs)) continue;
    return `${run.label} is no part of the same run as ${first.label}: ${what} is ${theirs}, not ${ours}`;
  }
  return null;
}

/** Why two runs of one kind are no machines of one: one began when the other was over. null where they met. */
export function apartInTime(first: RunData, run: RunData): string | null {
  const [earlier, later] = [first, run].toSorted((a, b) => startOf(a) - startOf(b));
  if (earlier === undefined || later === undefined) return null;
  // NaN where it is not known when they ran.
  const isApart = startOf(later) > startOf(earlier) + (earlier.summary.durationMs ?? Number.NaN);
  return isApart
    ? `${run.label} is no part of the same run as ${first.label}: one began when the other was over`
    : null;
}

function startOf({ summary }: RunData): number {
  return summary.startedAt === null ? Number.NaN : Date.parse(summary.startedAt);
}

/** What is unknown is like anything. */
function isKnown(value: string | undefined): value is string {
  return value !== undefined && value !== UNKNOWN && value !== '';
}

function earliest(summaries: readonly Summary[]): string | null {
  const known = summaries.flatMap(({ startedAt }) => (startedAt === null ? [] : [startedAt]));
  return known.toSorted()[0] ?? null;
}

type JudgedMetric = { values: Summary['metrics'][string]; thresholds: Record<string, { ok: boolean }> };

/** As k6 hands them to `handleSummary`. */
function withThresholds(
  metrics: Summary['metrics'],
  thresholds: readonly ThresholdResult[],
): Record<string, JudgedMetric> {
  const judged = new Map(
    Object.entries(metrics).map(([name, values]): [string, JudgedMetric] => [
      name,
      { values, thresholds: {} },
    ]),
  );
  for (const { metric, expression, ok } of thresholds) {
    const { values, thresholds: others } = judged.get(metric) ?? { values: {}, thresholds: {} };
    judged.set(metric, { values, thresholds: { ...others, [expression]: { ok: ok !== false } } });
  }
  return Object.fromEntries(judged);
}

/** What is of the machines stands; what is of the counts was judged on all of them. */
function worstTrust(merged: Summary['trust'], summaries: readonly Summary[]): Summary['trust'] {
  const standing = summaries
    .map(({ trust }) => trust)
    .filter(
      ({ state }) =>
        state === 'client-bound' || (state === 'underdelivered' && merged.state !== 'underdelivered'),
    );
  const all = [merged, ...standing];
  const state = all
    .map((trust) => trust.state)
    .reduce((worst, next) => (GRAVITY.indexOf(next) > GRAVITY.indexOf(worst) ? next : worst));
  return { state, reasons: [...new Set(all.flatMap(({ reasons }) => reasons))] };
}

const GRAVITY = ['valid', 'too-short', 'client-bound', 'underdelivered', 'nothing-measured'] as const;
