import type { PreparedRun } from './compare-runs.ts';
import {
  DEFAULT_MEASURES,
  KIND_MEASURES,
  type Measure,
  ofKind,
  parseMeasure,
  RARE_MEASURES,
} from './measure.ts';

/** What a comparison shows of runs: what everybody asks, what one of them has any of, and each kind of request that all have. */
export function shownMeasures(runs: readonly PreparedRun[]): Measure[] {
  const names = [...DEFAULT_MEASURES, ...rareOf(runs), ...kindsOf(runs)];
  return names.flatMap((name) => parseMeasure(name) ?? []);
}

function rareOf(runs: readonly PreparedRun[]): string[] {
  const { aborted, invalidOutput } = RARE_MEASURES;
  const totals = runs.map(({ run }) => run.summary.totals);
  return [
    ...(totals.some((one) => one.aborted > 0) ? [aborted] : []),
    ...(totals.some((one) => one.invalidOutput > 0) ? [invalidOutput] : []),
  ];
}

/** Of runs that sent several; the parts of one run are told apart already. */
function kindsOf(runs: readonly PreparedRun[]): string[] {
  if (runs.some(({ part }) => part !== null)) return [];
  const [first = [], ...others] = runs.map(({ run }) => Object.keys(run.summary.kinds));
  const shared = first.filter((kind) => others.every((kinds) => kinds.includes(kind)));
  if (shared.length < 2) return [];
  return shared.flatMap((kind) => KIND_MEASURES.map((name) => ofKind(name, kind)));
}
