import { test } from 'vitest';

/**
 * A test of thousands of inputs. `npm run mutate` leaves it out, as it would run it for every mutant that it reaches: what
 * is caught is caught by tests of a few cases.
 */
export const exhaustively = test.skipIf(process.env['MUTANTS_TOLD'] !== undefined);

const IS_QUICK = process.env['TESTS_QUICK'] === '1';

/** How many of so many inputs a test takes: `npm run check`, for which somebody waits, takes an eighth of them. */
export function inputs(count: number): number {
  return IS_QUICK ? Math.ceil(count / 8) : count;
}

/** From one place in a text to the next that a test takes. */
export const STRIDE = IS_QUICK ? 7 : 1;
