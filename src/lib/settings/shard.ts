import { ConfigError } from '../parse/config-error.ts';
import type { Parse } from '../parse/values.ts';

/** Which of several machines or pods this is, from 1, and how many share the load and the budget. */
export type Shard = { part: number; parts: number };

/** `2/7`. */
export const parseShard: Parse<Shard> = (value, name) => {
  const [, part, parts] = /^(\d{1,4})\/(\d{1,4})$/.exec(value.trim()) ?? [];
  const shard = { part: Number(part), parts: Number(parts) };
  if (shard.part >= 1 && shard.part <= shard.parts) return shard;
  throw new ConfigError({
    setting: name,
    got: value,
    expected: 'which of how many machines this is, counted from 1',
    example: `${name}=2/7`,
  });
};

/** A machine's share of a budget; all of it for a run that is not divided among machines. */
export function shareOf(budgetUsd: number | null, shard: Shard | null): number | null {
  return budgetUsd === null || shard === null ? budgetUsd : budgetUsd / shard.parts;
}
