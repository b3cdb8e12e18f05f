import { expect, test } from 'vitest';
import { asInterrupted } from '../../lib/summary/interruption.ts';
import { Figures } from '../results/figures/figures.ts';
import { summaryFromFigures } from '../results/merge/summary-from-figures.ts';
import { differences } from './differences.ts';

const WHOLE = summaryFromFigures(new Figures(), {
  scenario: 'soak',
  startedAt: null,
  durationMs: 48_000,
  seed: 1,
  thresholds: [],
  notes: [],
  facts: null,
  declared: [],
  untold: [],
});

test('a run that was interrupted is not compared with a whole one', () => {
  const half = asInterrupted(WHOLE, { afterMs: 4900, plannedMs: 48_000 });
  expect(differences(WHOLE, WHOLE)).toEqual([]);
  expect(differences(WHOLE, half)).toEqual([
    { what: 'end', first: 'as planned', second: 'INTERRUPTED after 4.9 s of 48 s' },
  ]);
});
