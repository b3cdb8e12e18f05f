import { test } from 'vitest';

/**
 * A test of thousands of inputs. `npm run mutate` leaves it out, as it would run it for every mutant that it reaches: what
 * is caught is caught by tests of a few cases.
 */
export const exhaustively = test.skipIf(process.env['MUTANTS_TOLD'] !== undefined);
