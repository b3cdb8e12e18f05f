import { describe, expect, test } from 'vitest';
import { type Arrivals, parseArrivals, vusFor } from './arrivals.ts';
import { ConfigError } from './errors.ts';

describe('parseArrivals', () => {
  test.each<[string, Arrivals]>([
    ['even', { kind: 'even' }],
    [' Poisson ', { kind: 'poisson' }],
    ['gamma:2', { kind: 'gamma', cv: 2 }],
    ['gamma:0.5', { kind: 'gamma', cv: 0.5 }],
    ['trace:/data/azure.csv', { kind: 'trace', file: '/data/azure.csv' }],
    ['trace:C:\\traces\\a.csv', { kind: 'trace', file: 'C:\\traces\\a.csv' }],
  ])('%s', (text, expected) => {
    expect(parseArrivals(text, 'LLM_ARRIVALS')).toEqual(expected);
  });

  test.each([
    '',
    'odd',
    'even:1',
    'poisson:2',
    'gamma',
    'gamma:',
    'gamma:0',
    'gamma:-1',
    'gamma:x',
    'gamma:NaN',
    'gamma:100',
    'trace',
    'trace:',
    'trace: ',
  ])('%j is refused, naming the setting', (text) => {
    expect(() => parseArrivals(text, 'LLM_ARRIVALS')).toThrow(ConfigError);
    expect(() => parseArrivals(text, 'LLM_ARRIVALS')).toThrow(/^LLM_ARRIVALS: got/);
  });
});

describe('vusFor', () => {
  test.each([
    { peak: 200, latencyMs: 5000, cap: 2000, expected: 1200 },
    { peak: 5, latencyMs: 5000, cap: 2000, expected: 30 },
    { peak: 0.5, latencyMs: 100, cap: 2000, expected: 1 },
    { peak: 1000, latencyMs: 5000, cap: 2000, expected: 2000 },
    { peak: 10, latencyMs: 1001, cap: 2000, expected: 13 },
  ])('$peak/s at $latencyMs ms: $expected VUs', ({ peak, latencyMs, cap, expected }) => {
    expect(vusFor(peak, latencyMs, cap)).toBe(expected);
  });
});
