import { normalQuantile } from '../../lib/numbers/quantiles.ts';

/** A coefficient with the standard error of it. */
export type Coefficient = { value: number; error: number };

export type Observation = { y: number; x: readonly number[] };

/** Residuals further out than so many median ones are left out: requests that met something else. */
const OUTLIER = 5;
const ROUNDS = 4;

/**
 * y = x · β by least squares, without outliers, which are found anew a few times. Standard errors allow for spreads that
 * differ (White, 1980). null where x does not vary enough to tell its parts apart.
 */
export function fitLeastSquares(observations: readonly Observation[]): Coefficient[] | null {
  let kept = observations;
  let beta: readonly number[] | null = null;
  for (let round = 0; round < ROUNDS; round += 1) {
    beta = solve(kept);
    if (beta === null) return null;
    const found = beta;
    const sizes = observations.map(({ y, x }) => Math.abs(y - dot(x, found)));
    const typical = [...sizes].sort((a, b) => a - b)[sizes.length >> 1] ?? 0;
    kept = observations.filter((_, at) => (sizes[at] ?? 0) <= OUTLIER * typical + 1e-9);
  }
  const final = solve(kept) ?? beta;
  return final === null ? null : withErrors(kept, final);
}

/** How far 95 % of estimates lie around the truth. */
export function halfWidth({ error }: Coefficient): number {
  return normalQuantile(0.975) * error;
}

function withErrors(observations: readonly Observation[], beta: readonly number[]): Coefficient[] | null {
  const inverse = invert(products(observations));
  if (inverse === null) return null;
  const residual = observations.map(({ y, x }) => y - dot(x, beta));
  const middle = products(
    observations,
    residual.map((value) => value * value),
  );
  return beta.map((value, at) => {
    const row = inverse[at] ?? [];
    const variance = dot(
      row,
      middle.map((line) => dot(line, row)),
    );
    return { value, error: Math.sqrt(Math.max(0, variance)) };
  });
}

function solve(observations: readonly Observation[]): number[] | null {
  const inverse = invert(products(observations));
  if (inverse === null) return null;
  const size = observations[0]?.x.length ?? 0;
  const sums = Array.from({ length: size }, (_, at) =>
    observations.reduce((sum, { y, x }) => sum + y * (x[at] ?? 0), 0),
  );
  return inverse.map((row) => dot(row, sums));
}

/** X'WX. */
function products(observations: readonly Observation[], weights?: readonly number[]): number[][] {
  const size = observations[0]?.x.length ?? 0;
  const sums = Array.from({ length: size }, () => Array.from({ length: size }, () => 0));
  for (const [at, { x }] of observations.entries()) {
    const weight = weights?.[at] ?? 1;
    for (const [row, line] of sums.entries())
      for (let column = 0; column < size; column += 1)
        line[column] = (line[column] ?? 0) + weight * (x[row] ?? 0) * (x[column] ?? 0);
  }
  return sums;
}

const SINGULAR = 1e-9;

/** By elimination, of three columns at most; null where one is all but a sum of others. */
function invert(matrix: readonly (readonly number[])[]): number[][] | null {
  const size = matrix.length;
  if (size === 0) return null;
  const rows = matrix.map((line, row) => [...line, ...line.map((_, column) => (column === row ? 1 : 0))]);
  for (let pivot = 0; pivot < size; pivot += 1) {
    const line = rows[pivot] ?? [];
    const scale = line[pivot] ?? 0;
    if (!(Math.abs(scale) > SINGULAR * Math.abs(matrix[pivot]?.[pivot] ?? 0))) return null;
    for (let column = 0; column < line.length; column += 1) line[column] = (line[column] ?? 0) / scale;
    for (const [other, target] of rows.entries()) {
      const factor = target[pivot] ?? 0;
      if (other === pivot || factor === 0) continue;
      for (let column = 0; column < target.length; column += 1)
        target[column] = (target[column] ?? 0) - factor * (line[column] ?? 0);
    }
  }
  return rows.map((line) => line.slice(size));
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, at) => sum + value * (b[at] ?? 0), 0);
}
