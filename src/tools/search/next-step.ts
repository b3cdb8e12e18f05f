import { judgeLoad, type LoadVerdict } from './judge-load.ts';
import type { ServiceTerm } from './service-level.ts';
import type { StepLength, StepRecord } from './step-record.ts';

/** What a search looks for, and where. */
export type SearchRange = {
  by: 'rate' | 'vus';
  min: number;
  max: number;
  /** How close the load that held and the one that broke must come, 0 to 1. */
  precisionRatio: number;
};

/** What to do next, from the steps so far: a search can be taken up again after any of them. */
export type NextStep =
  | { kind: 'run'; load: number; length: StepLength }
  | { kind: 'end'; outcome: SearchOutcome };

export type SearchOutcome =
  /** The highest load that held, and the lowest above it that broke. */
  | { kind: 'found'; held: number; broke: number }
  | { kind: 'broke-at-once'; load: number }
  | { kind: 'held-to-the-end'; load: number }
  /** The client could not go on; null where it could not even begin. */
  | { kind: 'beyond-client'; held: number | null; notDriven: number };

/** A load, what its steps say, and whether that rests on a full one. */
export type TriedLoad = {
  load: number;
  steps: readonly StepRecord[];
  verdict: LoadVerdict;
  isFull: boolean;
  /** Whose figures stand for it: a step that says what all of them say together, the last full one where several do. */
  shown: StepRecord | null;
  /** As it counts: after so many tries, noise is decided by the figures as they stand. */
  counts: 'held' | 'broken' | 'not-driven' | 'unclear';
};

const FACTOR = 2;
/** Full steps of a load within noise. */
const MAX_TRIES = 3;
/** Steps that the client could not drive, before it is believed; more where it was slow itself: others may have been busy. */
const MAX_UNDRIVEN = 2;
const MAX_BOUND = 4;

/** Each load that was tried, in ascending order. */
export function triedLoads(steps: readonly StepRecord[], terms: readonly ServiceTerm[]): TriedLoad[] {
  const loads = [...new Set(steps.map(({ load }) => load))].toSorted((a, b) => a - b);
  return loads.map((load): TriedLoad => {
    const own = steps.filter((step) => step.load === load);
    const verdict = judgeLoad(own, terms);
    const full = own.filter(({ length }) => length === 'full').length;
    const counts = countAs(verdict, own, full);
    return { load, steps: own, verdict, isFull: full > 0, counts, shown: shownOf(own, counts, terms) };
  });
}

function shownOf(
  steps: readonly StepRecord[],
  counts: TriedLoad['counts'],
  terms: readonly ServiceTerm[],
): StepRecord | null {
  const full = steps.filter(({ length }) => length === 'full');
  const judged = full.length > 0 ? full : steps;
  const saysSo = (step: StepRecord): boolean => {
    const verdict = judgeLoad([step], terms);
    return (verdict.state === 'unclear' ? verdict.leans : verdict.state) === counts;
  };
  return judged.findLast(saysSo) ?? judged.at(-1) ?? null;
}

function countAs(verdict: LoadVerdict, steps: readonly StepRecord[], full: number): TriedLoad['counts'] {
  switch (verdict.state) {
    case 'held':
    case 'broken':
      return verdict.state;
    case 'not-driven':
      return steps.length >= (isBound(steps) ? MAX_BOUND : MAX_UNDRIVEN) ? 'not-driven' : 'unclear';
    case 'unclear':
      // A short step is a look on the way up: that it leans towards holding is enough.
      if (full === 0) return verdict.leans === 'held' ? 'held' : 'unclear';
      return full >= MAX_TRIES ? verdict.leans : 'unclear';
    default:
      return verdict satisfies never;
  }
}

function isBound(steps: readonly StepRecord[]): boolean {
  return steps.every(({ drive }) => drive.clientBound.length > 0);
}

/**
 * Doubles the load until one breaks, then halves the distance by full steps. What is within noise is tried again; the
 * load that the answer rests on has a full step.
 */
export function nextStep(
  steps: readonly StepRecord[],
  terms: readonly ServiceTerm[],
  range: SearchRange,
): NextStep {
  const tried = triedLoads(steps, terms);
  const unclear = tried.find(({ counts }) => counts === 'unclear');
  if (unclear !== undefined) {
    const isUndriven = unclear.verdict.state === 'not-driven' && !unclear.isFull;
    return run(unclear.load, isUndriven ? 'short' : 'full');
  }
  if (tried.length === 0) return run(range.min, 'short');
  const ceiling = tried.find(({ counts }) => counts !== 'held');
  const held = tried.filter(({ load }) => ceiling === undefined || load < ceiling.load).at(-1);
  if (ceiling === undefined) return ascend(held?.load ?? range.min, { range, isFull: held?.isFull ?? false });
  if (ceiling.counts === 'not-driven')
    return end({ kind: 'beyond-client', held: held?.load ?? null, notDriven: ceiling.load });
  if (held === undefined) return end({ kind: 'broke-at-once', load: ceiling.load });
  const middle = between(held.load, ceiling.load, range);
  if (middle !== null) return run(middle, 'full');
  return held.isFull ? end({ kind: 'found', held: held.load, broke: ceiling.load }) : run(held.load, 'full');
}

function ascend(load: number, { range, isFull }: { range: SearchRange; isFull: boolean }): NextStep {
  if (load < range.max) return run(Math.min(range.max, load * FACTOR), 'short');
  return isFull ? end({ kind: 'held-to-the-end', load }) : run(load, 'full');
}

/** The geometric mean, in numbers that people can read; null where they are close enough. */
function between(low: number, high: number, { by, precisionRatio }: SearchRange): number | null {
  if (high <= low * (1 + precisionRatio)) return null;
  const middle = Math.sqrt(low * high);
  const rounded = by === 'vus' ? Math.round(middle) : Number(middle.toPrecision(3));
  if (rounded > low && rounded < high) return rounded;
  return by === 'vus' ? (high - low > 1 ? low + 1 : null) : middle;
}

function run(load: number, length: StepLength): NextStep {
  return { kind: 'run', load, length };
}

function end(outcome: SearchOutcome): NextStep {
  return { kind: 'end', outcome };
}
