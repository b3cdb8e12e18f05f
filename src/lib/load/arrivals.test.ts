import { describe, expect, test } from 'vitest';
import { type Arrivals, parseArrivals } from './arrivals.ts';
import { ConfigError } from '../parse/config-error.ts';

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
