import { settingsWith } from '../../lib/settings/catalog.ts';
import { asInterrupted } from '../../lib/summary/interruption.ts';
import type { Interruption, SideCount, Summary, ThresholdResult } from '../../lib/summary/summary.ts';
import { isMet, parseExpression } from '../../lib/thresholds/expression.ts';
import { Figures } from './run-figures.ts';
import { summaryFromFigures, UNKNOWN } from './summary-from-figures.ts';
import { InputError, type RunData } from './run-data.ts';
import { thresholdCell, thresholdValue } from './threshold-value.ts';

/**
 * The machines of one distributed run as one run: Counters added up, percentiles from merged histograms,
 * thresholds judged anew where the samples allow it.
 *
 * @throws InputError when runs have no distributions, or are not parts of one run.
 */
export function mergeRuns(runs: readonly RunData[]): RunData {
  const [first] = runs;
  if (first === undefined) throw new InputError('nothing to merge');
  if (runs.length === 1) return first;
  // A part that was killed left samples alone, which tell little of its settings.
  const told = runs.find(({ summary }) => isKnown(summary.target)) ?? first;
  refuseStrangers(told, runs);
  const figures = new Figures();
  for (const run of runs) figures.merge(figuresOf(run));
  const summaries = runs.map(({ summary }) => summary);
  const merged = summaryFromFigures(
    figures,
    {
      scenario: told.summary.scenario,
      startedAt: earliest(summaries),
      durationMs: longest(summaries),
      seed: told.summary.seed,
      thresholds: mergeThresholds(summaries, figures),
      notes: [
        `merged from ${runs.length} parts: ${runs.map(({ label }) => label).join(', ')}`,
        ...notesOf(summaries),
      ],
    },
    { ...told.summary, stopped: summaries.find(({ stopped }) => stopped)?.stopped ?? null },
  );
  const whole = withCounted(merged, summaries);
  const interrupted = firstInterruption(summaries);
  return {
    ...first,
    label: runs.map(({ label }) => label).join(' + '),
    summary: interrupted === null ? whole : asInterrupted(whole, interrupted),
    figures,
    stages: addStages(runs),
    samplesPath: null,
    segment: null,
  };
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

/** A threshold is judged on all samples; where they cannot tell, every part must have met it. */
function mergeThresholds(summaries: readonly Summary[], figures: Figures): ThresholdResult[] {
  const lengthMs = longest(summaries);
  const merged = new Map<string, ThresholdResult>();
  for (const { thresholds } of summaries) {
    for (const { metric, expression, ok } of thresholds) {
      const key = `${metric}: ${expression}`;
      const judged = judge({ metric, expression }, { figures, lengthMs });
      merged.set(key, { metric, expression, ok: judged ?? worseOf(merged.get(key)?.ok ?? null, ok) });
    }
  }
  return [...merged.values()];
}

/** What a part failed is failed, what no part judged is not judged. */
function worseOf(one: boolean | null, other: boolean | null): boolean | null {
  if (one === false || other === false) return false;
  return one ?? other;
}

function longest(summaries: readonly Summary[]): number {
  return Math.max(...summaries.map(({ durationMs }) => durationMs ?? 0));
}

function judge(
  { metric, expression }: Pick<ThresholdResult, 'metric' | 'expression'>,
  { figures, lengthMs }: { figures: Figures; lengthMs: number },
): boolean | null {
  const parsed = parseExpression(expression);
  const cell = thresholdCell(figures, metric);
  if (parsed === null || cell === null) return null;
  const value = thresholdValue(cell, parsed, lengthMs);
  return value === null ? null : isMet(parsed, value);
}

function notesOf(summaries: readonly Summary[]): string[] {
  return [...new Set(summaries.flatMap(({ notes }) => notes))];
}

/** Adds what only summaries know: what was dropped, cut short, sent beside the measured part. */
function withCounted(merged: Summary, summaries: readonly Summary[]): Summary {
  const sum = (pick: (summary: Summary) => number | null): number =>
    summaries.reduce((total, summary) => total + (pick(summary) ?? 0), 0);
  const totals = {
    ...merged.totals,
    droppedIterations: sum(({ totals }) => totals.droppedIterations),
    cutShort: sum(({ totals }) => totals.cutShort),
    preflight: addSides(summaries.map(({ totals }) => totals.preflight)),
    warmup: addSides(summaries.map(({ totals }) => totals.warmup)),
  };
  const load = {
    ...merged.load,
    peakRatePerSec: addKnown(summaries.map((summary) => summary.load.peakRatePerSec)),
    offered: addKnown(summaries.map((summary) => summary.load.offered)),
    vusAllocated: addKnown(summaries.map((summary) => summary.load.vusAllocated)),
    deliveredRatio: leastKnown(summaries.map((summary) => summary.load.deliveredRatio ?? null)),
    vusNeeded: addKnown(summaries.map((summary) => summary.load.vusNeeded)),
  };
  return { ...merged, totals, load, trust: worstTrust(merged, summaries) };
}

const GRAVITY = ['valid', 'too-short', 'client-bound', 'underdelivered', 'nothing-measured'] as const;

/** Parts may be too short alone and not together; every other finding of a part stands. */
function worstTrust(merged: Summary, summaries: readonly Summary[]): Summary['trust'] {
  const standing = summaries
    .map(({ trust }) => trust)
    .filter(({ state }) => state === 'client-bound' || state === 'underdelivered');
  const all = [merged.trust, ...standing];
  const state = all
    .map((trust) => trust.state)
    .reduce((worst, next) => (GRAVITY.indexOf(next) > GRAVITY.indexOf(worst) ? next : worst));
  return { state, reasons: [...new Set(all.flatMap(({ reasons }) => reasons))] };
}

function leastKnown(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : Math.min(...known);
}

function addKnown(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0);
}

function addSides(sides: readonly SideCount[]): SideCount {
  return {
    requests: sides.reduce((sum, side) => sum + side.requests, 0),
    inputTokens: sides.reduce((sum, side) => sum + side.inputTokens, 0),
    outputTokens: sides.reduce((sum, side) => sum + side.outputTokens, 0),
    costUsd: addKnown(sides.map(({ costUsd }) => costUsd)),
  };
}

/** Planned loads of the parts, added up where they are of one kind and step at the same times. */
function addStages(runs: readonly RunData[]): RunData['stages'] {
  const [first, ...others] = runs;
  if (first === undefined) return [];
  return first.stages.map((stage, index) => ({
    ...stage,
    points: stage.points.map(([atMs, target], at): [number, number] => {
      const more = others.map((run) => run.stages[index]?.points[at]?.[1] ?? 0);
      return [atMs, more.reduce((sum, value) => sum + value, target)];
    }),
  }));
}
