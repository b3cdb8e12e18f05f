import { CONFIDENCE, smallestCountFor } from '../../lib/numbers/quantiles.ts';
import type { Part } from '../results/figures/figures.ts';
import type { RunData } from '../results/read/run-data.ts';
import { blocksOf, type PartChoice, type RawPoints, readRawPoints } from '../statistics/run-blocks.ts';
import { contrast } from './contrast.ts';
import { type Contrast, NO_INTERVAL } from './difference.ts';
import type { Measure } from './measure.ts';
import { readMeasure, type Side } from './reading.ts';

/** One measure of two runs. */
export type Compared = Pick<Contrast, 'interval' | 'doubt' | 'isExact'> & {
  measure: Measure;
  /** null where the run has no sample of it. */
  first: number | null;
  second: number | null;
  firstCount: number;
  secondCount: number;
  /** `second - first`; null where one is missing. */
  difference: number | null;
  /** The difference against the first; null where the first is 0 or one is missing. */
  relative: number | null;
  /** Of the interval, 0.95 unless several rules share one error budget. */
  confidence: number;
  verdict: 'better' | 'worse' | 'same' | 'unknown';
  /** False for a percentile that one of the two has too few samples for. */
  hasEnough: boolean;
};

export type Comparison = {
  first: PreparedRun;
  second: PreparedRun;
  rows: readonly Compared[];
  /** What the intervals rest on. */
  basis: { blocks: number; isRaw: boolean };
};

/** A run, or one part of it, made ready to be compared. */
export type PreparedRun = { label: string; run: RunData; raw: RawPoints | null; part: PartChoice };

/** Reads what a comparison needs of a run beside its summary. */
export async function prepareRun(run: RunData): Promise<PreparedRun> {
  return { label: run.label, run, raw: await readRawPoints(run), part: null };
}

/** The parts of one run as runs of their own, to compare providers or models within it. */
export function splitRun(prepared: PreparedRun, part: Part): PreparedRun[] {
  const names = prepared.run.figures?.partNames(part) ?? [];
  return names.map((value) => ({ ...prepared, label: value, part: { part, value } }));
}

/** Enough to see a memory as short as a four-hundredth of the run. */
const MAX_BLOCKS = 400;

/** Compares two runs measure by measure; those that neither has are left out. */
export function compareRuns(
  first: PreparedRun,
  second: PreparedRun,
  { measures, confidence = CONFIDENCE }: { measures: readonly Measure[]; confidence?: number },
): Comparison {
  const { sides, basis } = besideEachOther(first, second);
  const rows = measures
    .map((measure) => compareOne(measure, sides(measure), confidence))
    .filter((row) => row.first !== null || row.second !== null);
  return { first, second, rows, basis };
}

/** The values of a run as a comparison with `first` has them; null where it has no sample. */
export function valuesBeside(
  first: PreparedRun,
  run: PreparedRun,
  measures: readonly Measure[],
): Map<string, number | null> {
  const { sides } = besideEachOther(first, run);
  return new Map(
    measures.map((measure) => [measure.name, readMeasure(measure, sides(measure)[1])?.value ?? null]),
  );
}

type Sides = readonly [Side, Side];

/** Both cut into the same blocks: by single samples where both have them. */
function besideEachOther(
  first: PreparedRun,
  second: PreparedRun,
): { sides: (measure: Measure) => Sides; basis: Comparison['basis'] } {
  const isRaw = first.raw !== null && second.raw !== null;
  const blocks = Math.min(blocksFor(first.run, isRaw), blocksFor(second.run, isRaw));
  const side = ({ run, raw, part }: PreparedRun): Side => ({
    run: blocksOf(run, { raw: isRaw ? raw : null, blockCount: blocks }),
    part,
    hasTimes: isRaw || part === null,
  });
  const [a, b] = [side(first), side(second)];
  const sides = ({ part }: Measure): Sides =>
    part === null
      ? [a, b]
      : [
          { ...a, part, hasTimes: isRaw },
          { ...b, part, hasTimes: isRaw },
        ];
  return { sides, basis: { blocks, isRaw } };
}

/** As many blocks as there are requests, up to 400; none shorter than a histogram's time slice. */
function blocksFor({ summary, figures }: RunData, isRaw: boolean): number {
  const most = isRaw
    ? summary.totals.requestsFinished
    : Math.floor((summary.durationMs ?? 0) / (figures?.sliceMs ?? Infinity));
  return Math.max(1, Math.min(MAX_BLOCKS, most));
}

function compareOne(measure: Measure, [a, b]: Sides, confidence: number): Compared {
  const [ofFirst, ofSecond] = [readMeasure(measure, a), readMeasure(measure, b)];
  const found: Contrast =
    ofFirst === null || ofSecond === null
      ? { ...NO_INTERVAL, doubt: { kind: 'missing' } }
      : contrast(ofFirst, ofSecond, confidence);
  const [first, second] = [ofFirst?.value ?? null, ofSecond?.value ?? null];
  const difference = first === null || second === null ? null : second - first;
  const { interval, doubt, isExact, sign } = found;
  return {
    measure,
    first,
    second,
    firstCount: ofFirst?.count ?? 0,
    secondCount: ofSecond?.count ?? 0,
    difference,
    relative: difference === null || first === null || first === 0 ? null : difference / first,
    interval,
    doubt,
    isExact,
    confidence,
    verdict: verdictOf(measure, sign),
    hasEnough: hasEnough(measure, ofFirst?.count ?? 0, ofSecond?.count ?? 0),
  };
}

function verdictOf({ better }: Measure, sign: Contrast['sign']): Compared['verdict'] {
  if (sign === null) return 'unknown';
  if (sign === 0) return 'same';
  return sign > 0 === (better === 'lower') ? 'worse' : 'better';
}

function hasEnough({ source }: Measure, firstCount: number, secondCount: number): boolean {
  if (source.kind !== 'quantile') return true;
  return Math.min(firstCount, secondCount) >= smallestCountFor(source.q);
}
