import { describe, expect, test } from 'vitest';
import { type Arrivals, parseArrivals } from './arrivals.ts';
import { ConfigError } from '../parse/config-error.ts';

describe('parseArrivals', () => {
  test.each<[string, Arrivals]>([
    ['even', { kind: 'even' }],
    [' Poisson ', { kind: 'poisson' }],
    ['gamma:2', { kind: 'gamma', cv: 2 }],
    ['gamma:0.5', { kind: 'gamma', cv: 0.5 }],
    ['trace:/data/azure.csv', { kind: 'trace', file: '/data/azure.csv', unit: null, blockTokens: null }],
    ['trace:C:\\traces\\a.csv', { kind: 'trace', file: 'C:\\traces\\a.csv', unit: null, blockTokens: null }],
    ['trace:a.jsonl?unit=s', { kind: 'trace', file: 'a.jsonl', unit: 'sec', blockTokens: null }],
    ['trace:a.jsonl?unit=ms&block=64', { kind: 'trace', file: 'a.jsonl', unit: 'ms', blockTokens: 64 }],
    ['trace:why?.csv', { kind: 'trace', file: 'why?.csv', unit: null, blockTokens: null }],
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
    'trace:a?unit=h',
    'trace:a?unit=',
    'trace:a?units=s',
    'trace:a?block=0',
    'trace:a?block=1e3',
    'trace:a?unit=s&x=1',
  ])('%j is refused, naming the setting', (text) => {
    expect(() => parseArrivals(text, 'LLM_ARRIVALS')).toThrow(ConfigError);
    expect(() => parseArrivals(text, 'LLM_ARRIVALS')).toThrow(/^LLM_ARRIVALS: got/);
  });
});
