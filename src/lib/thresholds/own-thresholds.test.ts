import { expect, test } from 'vitest';
import { ownThresholds } from './own-thresholds.ts';

test.each<[given: string[], compiled: string[]]>([
  [['p(95)<500'], ['p(95)<500', 'max>0']],
  [
    ['avg<2', 'p(99)<9'],
    ['avg<2', 'p(99)<9', 'max>0'],
  ],
  [
    ['avg<2', 'max > 0'],
    ['avg<2', 'max > 0'],
  ],
  [
    ['avg<2', 'max>=0'],
    ['avg<2', 'max>=0'],
  ],
  [['count>0'], ['count>0']],
  [['rate>0.9'], ['rate>0.9']],
  [['rate>20'], ['rate>20']],
  [['value<3'], ['value<3']],
  [[], []],
])('%j on a metric of one’s own are judged as %j', (given, compiled) => {
  expect(ownThresholds(given, 'mine')).toEqual(compiled);
});

test('what k6 would refuse is refused with the right form', () => {
  expect(() => ownThresholds(['p95<500'], 'mine')).toThrow(/p\(95\)/);
  expect(() => ownThresholds(['rate<-1'], 'mine')).toThrow(/a rate from 0 to 1/);
});

test('one that ends the run is guarded as any other', () => {
  const stop = { threshold: ' p(95)<5 ', abortOnFail: true };
  expect(ownThresholds([stop], 'mine')).toEqual([{ ...stop, threshold: 'p(95)<5' }, 'max>0']);
});
