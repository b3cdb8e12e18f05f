import { expect, test } from 'vitest';
import { madeRecord } from '../results/made-samples.ts';
import { RecentFigures } from './recent-figures.ts';

test('tells the last whole seconds, and forgets the rest', () => {
  const recent = new RecentFigures();
  for (let sec = 0; sec < 30; sec++) {
    const latencyMs = sec < 20 ? 9000 : 100;
    for (let each = 0; each < 3; each++)
      recent.add(madeRecord({ latencyMs, ttftMs: latencyMs / 2 }), sec * 1000);
  }
  const now = recent.read(30_000);
  expect(now.requestsPerSec).toBe(3);
  expect(now.latencyP95Ms).toBeCloseTo(100, 0);
  expect(now.ttftP95Ms).toBeCloseTo(50, 0);
});

test('leaves out the second that has not ended, and divides by the time that there was', () => {
  const recent = new RecentFigures();
  for (const endsAtMs of [100, 900, 1500, 2100]) recent.add(madeRecord({ ttftMs: null }), endsAtMs);
  expect(recent.read(2200)).toMatchObject({ requestsPerSec: 1.5, ttftP95Ms: null });
});

test('a server that answers no more has a rate of 0', () => {
  const recent = new RecentFigures();
  recent.add(madeRecord({}), 500);
  expect(recent.read(60_000)).toEqual({ requestsPerSec: 0, latencyP95Ms: null, ttftP95Ms: null });
});
