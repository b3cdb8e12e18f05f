import { expect, test } from 'vitest';
import { metersFor, readMeters } from './read-meters.ts';

test.each([
  [null, 'auto'],
  ['auto', 'auto'],
  ['1', 1],
  ['3', 3],
])('--meters %s', (text, meters) => expect(readMeters(text)).toBe(meters));

test.each(['0', '65', '-1', '1.5', 'many', ''])('--meters %s is refused', (text) =>
  expect(() => readMeters(text)).toThrow(/--meters: got/),
);

test.each([
  [0, 8, 1],
  [1, 8, 1],
  [1000, 8, 1],
  [1001, 8, 2],
  [10_000, 16, 10],
  [10_000, 8, 7],
  [10_000, 2, 1],
  [10_000, 1, 1],
])('auto: %i streams on %i cores take %i', (streams, cores, meters) =>
  expect(metersFor('auto', streams, { cores, openFiles: null })).toBe(meters),
);

test.each([
  [10_000, 20_000, 2],
  [9900, 20_000, 1],
  [3000, 1024, 7],
])('auto: %i streams where a process may have %i files take %i on two cores', (streams, openFiles, meters) =>
  expect(metersFor('auto', streams, { cores: 2, openFiles })).toBe(meters),
);

test('a number is taken as it is', () => expect(metersFor(3, 1, { cores: 2, openFiles: 10 })).toBe(3));
