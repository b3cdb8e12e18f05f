import type { ForecastFigures, SideCount, Summary } from '../../../lib/summary/summary.ts';
import type { RunData } from '../read/run-data.ts';

/** null where nobody knows. */
export function addKnown(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0);
}

/** Each part made its own, by model. */
export function addPreflights(summaries: readonly Summary[]): Record<string, SideCount> {
  const models = new Map<string, SideCount[]>();
  for (const { models: blocks } of summaries) {
    for (const [model, { preflight }] of Object.entries(blocks)) {
      if (preflight !== null) models.set(model, [...(models.get(model) ?? []), preflight]);
    }
  }
  return Object.fromEntries([...models].map(([model, sides]) => [model, addSides(sides)]));
}

function addSides(sides: readonly SideCount[]): SideCount {
  return {
    requests: sides.reduce((sum, side) => sum + side.requests, 0),
    inputTokens: sides.reduce((sum, side) => sum + side.inputTokens, 0),
    outputTokens: sides.reduce((sum, side) => sum + side.outputTokens, 0),
    costUsd: addKnown(sides.map(({ costUsd }) => costUsd)),
  };
}

/** null unless every part had one. */
export function addForecasts(summaries: readonly Summary[]): ForecastFigures | null {
  const known = summaries.flatMap(({ forecast }) => forecast ?? []);
  if (known.length < summaries.length) return null;
  return {
    requests: known.reduce((sum, { requests }) => sum + requests, 0),
    inputTokens: known.reduce((sum, { inputTokens }) => sum + inputTokens, 0),
    outputTokens: known.reduce((sum, { outputTokens }) => sum + outputTokens, 0),
    costUsd: addKnown(known.map(({ costUsd }) => costUsd)),
  };
}

/** Planned loads of the parts, added up where they are of one kind and step at the same times. */
export function addStages(runs: readonly RunData[]): RunData['stages'] {
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
