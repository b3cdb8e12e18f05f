import { expect, test } from 'vitest';
import { joinNotes } from './join-notes.ts';

test('the same note of several steps stands once, and counts of the same thing as their sum', () => {
  expect(
    joinNotes([
      '12 answers came from models without a price',
      'this server counts 53.5 % more tokens than words',
      '30 answers came from models without a price',
      'this server counts 53.5 % more tokens than words',
      '2 lines were skipped',
      '5 % of the load was late',
    ]),
  ).toEqual([
    '42 answers came from models without a price',
    'this server counts 53.5 % more tokens than words',
    '2 lines were skipped',
    '5 % of the load was late',
  ]);
});
