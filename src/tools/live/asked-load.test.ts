import { expect, test } from 'vitest';
import type { PlannedLoad } from '../../lib/samples/sample-header.ts';
import { askedAt, plannedEndMs } from './asked-load.ts';

const RAMP: PlannedLoad = {
  testType: 'stress',
  unit: 'ratePerSec',
  points: [
    [0, 0],
    [1000, 10],
    [1000, 20],
    [2000, 20],
  ],
};
const USERS: PlannedLoad = {
  testType: 'baseline',
  unit: 'vus',
  points: [
    [500, 4],
    [1500, 4],
  ],
};
const FIVE: PlannedLoad = { testType: 'smoke', unit: 'vus', points: [] };

test.each([
  [0, { ratePerSec: 0, users: null }],
  [500, { ratePerSec: 5, users: 4 }],
  [1000, { ratePerSec: 20, users: 4 }],
  [1999, { ratePerSec: 20, users: null }],
  [2000, { ratePerSec: null, users: null }],
])('at %d ms each part that goes on asks its share, in its unit', (atMs, asked) => {
  expect(askedAt([RAMP, USERS], atMs)).toEqual(asked);
});

test('a load of so many requests asks for no rate, and has no end that is known before', () => {
  expect(askedAt([FIVE], 0)).toEqual({ ratePerSec: null, users: null });
  expect(plannedEndMs([FIVE])).toBeNull();
  expect(plannedEndMs([])).toBeNull();
  expect(plannedEndMs([RAMP, USERS])).toBe(2000);
});
