import { expect, test } from 'vitest';
import { sumFigures } from './sum-figures.ts';

test('counts are added, delays are the worst, the rest is the first that is known', () => {
  const one = {
    target: 'http://a/v1',
    requests: 3,
    errors: { timeout: 1 },
    connections: { open: 2 },
    loopDelayMs: { p50: 1, p99: 9, max: 12 },
    recordProblem: null,
  };
  const two = {
    target: 'http://a/v1',
    requests: 4,
    errors: { timeout: 2, network: 5 },
    connections: { open: 1 },
    loopDelayMs: { p50: 2, p99: 4, max: 40 },
    recordProblem: 'disk full',
  };
  expect(sumFigures([one, two])).toEqual({
    target: 'http://a/v1',
    requests: 7,
    errors: { timeout: 3, network: 5 },
    connections: { open: 3 },
    loopDelayMs: { p50: 2, p99: 9, max: 40 },
    recordProblem: 'disk full',
  });
});

test('a name from outside is no way into an object', () => {
  const hostile: unknown = JSON.parse('{"errors":{"__proto__":1}}');
  const { errors } = sumFigures([hostile, hostile]);
  expect(Object.entries(Object(errors))).toEqual([['__proto__', 2]]);
});

test('of nothing there is nothing', () => expect(sumFigures([])).toEqual({}));
