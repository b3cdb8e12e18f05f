import { CONFIDENCE, smallestCountFor } from '../../lib/numbers/quantiles.ts';
import type { Part } from '../results/run-figures.ts';
import type { RunData } from '../results/run-data.ts';
import { blocksOf, type PartChoice, type RawPoints, readRawPoints, type RunBlocks } from './blocks.ts';
import { type DifferenceInterval, differenceInterval, drawBlocks, type Draws } from './bootstrap.ts';
import { estimatorOf } from './estimate.ts';
import type { Measure } from './measure.ts';

/** One measure of two runs. */
export type Compared = {
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
  interval: DifferenceInterval | null;
  /** False where noise cannot be told at all: one part of a run, of which only histograms without times are at hand. */
  hasTimes: boolean;
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
  basis: { blocks: number; isRaw: boolean; seed: number };
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

const MAX_BLOCKS = 40;
/** A block should be longer than what makes neighbours alike: a queue's memory is about one answer long. */
const MIN_BLOCK_MS = 250;

/** Compares two runs measure by measure; those that neither has are left out. */
export function compareRuns(
  first: PreparedRun,
  second: PreparedRun,
  {
    measures,
    seed = 42,
    confidence = CONFIDENCE,
  }: { measures: readonly Measure[]; seed?: number; confidence?: number },
): Comparison {
  const raws = first.raw !== null && second.raw !== null;
  const blockCount = Math.min(blocksFor(first.run, raws), blocksFor(second.run, raws));
  const a = blocksOf(first.run, { raw: raws ? first.raw : null, blockCount });
  const b = blocksOf(second.run, { raw: raws ? second.raw : null, blockCount });
  const draws = drawBlocks(blockCount, seed);
  const rows = measures
    .map((measure) => {
      const ofFirst = { blocks: a, part: measure.part ?? first.part };
      const ofSecond = { blocks: b, part: measure.part ?? second.part };
      return compareOne(measure, [ofFirst, ofSecond], { draws, confidence, isRaw: raws });
    })
    .filter((row) => row.first !== null || row.second !== null);
  return { first, second, rows, basis: { blocks: blockCount, isRaw: raws, seed } };
}

/** As many blocks as there are, up to 40, but none shorter than a typical answer. */
function blocksFor({ summary, figures }: RunData, isRaw: boolean): number {
  const durationMs = summary.durationMs ?? 0;
  const latencyMs = summary.metrics['ai_latency_ms']?.['med'] ?? 0;
  const shortestMs = Math.max(MIN_BLOCK_MS, latencyMs, isRaw ? 0 : (figures?.sliceMs ?? 0));
  return Math.max(1, Math.min(MAX_BLOCKS, Math.floor(durationMs / shortestMs)));
}

type Side = { blocks: RunBlocks; part: PartChoice };

function compareOne(
  measure: Measure,
  [a, b]: readonly [Side, Side],
  { draws, confidence, isRaw }: { draws: Draws; confidence: number; isRaw: boolean },
): Compared {
  const whole = new Float64Array(a.blocks.blockCount).fill(1);
  const ofFirst = estimatorOf({ ...measure, part: a.part }, a.blocks);
  const ofSecond = estimatorOf({ ...measure, part: b.part }, b.blocks);
  const first = ofFirst?.estimate(whole) ?? null;
  const second = ofSecond?.estimate(whole) ?? null;
  const difference = first === null || second === null ? null : second - first;
  // Histograms by part have no times: such a part cannot tell its own noise.
  const hasTimes = isRaw || (a.part === null && b.part === null);
  const interval =
    ofFirst === null || ofSecond === null || difference === null || !hasTimes
      ? null
      : differenceInterval(ofFirst, ofSecond, { draws, confidence });
  return {
    measure,
    first,
    second,
    firstCount: ofFirst?.count ?? 0,
    secondCount: ofSecond?.count ?? 0,
    difference,
    relative: difference === null || first === null || first === 0 ? null : difference / first,
    interval,
    hasTimes,
    confidence,
    verdict: verdictOf(measure, interval),
    hasEnough: hasEnough(measure, ofFirst?.count ?? 0, ofSecond?.count ?? 0),
  };
}

function verdictOf({ better }: Measure, interval: DifferenceInterval | null): Compared['verdict'] {
  if (interval === null) return 'unknown';
  if (interval.low > 0) return better === 'lower' ? 'worse' : 'better';
  if (interval.high < 0) return better === 'lower' ? 'better' : 'worse';
  return 'same';
}

function hasEnough({ source }: Measure, firstCount: number, secondCount: number): boolean {
  if (source.kind !== 'quantile') return true;
  return Math.min(firstCount, secondCount) >= smallestCountFor(source.q);
}
