import { isRecord } from '../../../lib/parse/json.ts';

/** Percentiles and maxima do not add up: what stands under these names is the worst of all. */
const WORST_OF_ALL = 'loopDelayMs';

/**
 * The figures of several meters as those of one: counts are added, a delay is the worst of theirs, and what is no number
 * is the first's that has it.
 */
export function sumFigures(all: readonly unknown[]): Record<string, unknown> {
  const merged = merge(all, add);
  return isRecord(merged) ? merged : {};
}

type Combine = (numbers: readonly number[]) => number;

const add: Combine = (numbers) => numbers.reduce((sum, number) => sum + number, 0);
const worst: Combine = (numbers) => Math.max(...numbers);

function merge(values: readonly unknown[], combine: Combine): unknown {
  const numbers = values.filter((value) => typeof value === 'number');
  if (numbers.length > 0) return combine(numbers);
  const records = values.filter(isRecord);
  if (records.length === 0) return values.find((value) => value !== null && value !== undefined) ?? null;
  const names = new Set(records.flatMap((record) => Object.keys(record)));
  return Object.fromEntries(
    [...names].map((name) => [
      name,
      merge(
        records.filter((record) => Object.hasOwn(record, name)).map((record) => record[name]),
        name === WORST_OF_ALL ? worst : combine,
      ),
    ]),
  );
}
