import { expect, test } from 'vitest';
import { type FileCounts, fileNotes, mergeNotes } from './file-notes.ts';

const ONE: FileCounts = {
  broken: 1,
  foreign: 1,
  truncated: 1,
  missing: 1,
  finishes: new Map([['wibble', 1]]),
};
const MANY: FileCounts = {
  broken: 30,
  foreign: 2,
  truncated: 4,
  missing: 5,
  finishes: new Map([
    ['odd (very), indeed', 6],
    ['wibble', 7],
  ]),
};

test('what was not counted is not told', () => {
  expect(fileNotes({})).toEqual([]);
  expect(fileNotes({ broken: 0, foreign: 0, truncated: 0, missing: 0, finishes: new Map() })).toEqual([]);
});

test('every count of every part is told once, as a sum', () => {
  const sum = fileNotes({
    broken: 31,
    foreign: 3,
    truncated: 5,
    missing: 6,
    finishes: new Map([
      ['wibble', 8],
      ['odd (very), indeed', 6],
    ]),
  });
  expect(mergeNotes([...fileNotes(ONE), ...fileNotes(MANY)])).toEqual(sum);
  expect(mergeNotes([...sum, ...fileNotes(ONE)])).toHaveLength(5);
});

test('notes of one part stand as they are', () => {
  expect(mergeNotes(fileNotes(ONE))).toEqual(fileNotes(ONE));
});

test('what setup said to each part is said once, and adds nothing up', () => {
  const setup = '12 rows of the data set have no prompt';
  expect(mergeNotes([setup, ...fileNotes({ broken: 2 }), setup])).toEqual([
    setup,
    ...fileNotes({ broken: 2 }),
  ]);
});

test('rows that parts used again are one note of all their iterations', () => {
  const note = (iterations: number, rows: number) =>
    `LLM_DATASET: ${iterations} iterations used its ${rows} rows more than once, which a prompt cache notices`;
  expect(mergeNotes([note(5, 4), 'x', note(7, 4), note(9, 8)])).toEqual(['x', note(12, 4), note(9, 8)]);
});
