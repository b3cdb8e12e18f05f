import { describe, expect, test } from 'vitest';
import { mean } from '../../../test/support/statistics.ts';
import {
  type Distribution,
  meanOf,
  parseDistribution,
  sampleDistribution,
  sampleInteger,
} from './distribution.ts';
import { ConfigError } from '../parse/config-error.ts';
import { createRandom } from './random.ts';

describe('parseDistribution', () => {
  test.each<[string, Distribution]>([
    ['200', { kind: 'constant', value: 200 }],
    [' 0 ', { kind: 'constant', value: 0 }],
    ['normal:200:50', { kind: 'normal', mean: 200, stdDev: 50 }],
    ['NORMAL:200:0', { kind: 'normal', mean: 200, stdDev: 0 }],
    ['uniform:50:400', { kind: 'uniform', min: 50, max: 400 }],
    ['uniform:50:50', { kind: 'uniform', min: 50, max: 50 }],
    ['lognormal:300:0.7', { kind: 'lognormal', median: 300, sigma: 0.7 }],
  ])('%s', (text, expected) => {
    expect(parseDistribution(text, 'LLM_INPUT_TOKENS')).toEqual(expected);
  });

  test.each([
    '',
    'abc',
    '-5',
    'NaN',
    'Infinity',
    '1e400',
    '0x10',
    'normal',
    'normal:',
    'normal:200',
    'normal:200:',
    'normal:200:50:1',
    'normal:200:-50',
    'normal:a:b',
    'uniform:400:50',
    'lognormal:0:1',
    'lognormal:300:9',
    'poisson:3:4',
    '200,50',
    '2000000000',
  ])('%j is refused, naming the setting', (text) => {
    expect(() => parseDistribution(text, 'LLM_INPUT_TOKENS')).toThrow(ConfigError);
    expect(() => parseDistribution(text, 'LLM_INPUT_TOKENS')).toThrow(/^LLM_INPUT_TOKENS: got/);
  });
});

const DISTRIBUTIONS: Distribution[] = [
  { kind: 'constant', value: 12 },
  { kind: 'normal', mean: 200, stdDev: 50 },
  { kind: 'normal', mean: 50, stdDev: 100 },
  { kind: 'uniform', min: 50, max: 400 },
  { kind: 'lognormal', median: 300, sigma: 0.7 },
];

describe('sampleDistribution', () => {
  test.each(DISTRIBUTIONS)('%j: its mean is meanOf, no draw is negative', (distribution) => {
    const random = createRandom(1);
    const sample = Array.from({ length: 40_000 }, () => sampleDistribution(distribution, random));
    expect(mean(sample) / meanOf(distribution)).toBeGreaterThan(0.98);
    expect(mean(sample) / meanOf(distribution)).toBeLessThan(1.02);
    expect(Math.min(...sample)).toBeGreaterThanOrEqual(0);
  });

  test('whole numbers of a uniform reach both ends equally often', () => {
    const random = createRandom(2);
    const counts = new Map<number, number>();
    for (let draw = 0; draw < 30_000; draw++) {
      const value = sampleInteger({ kind: 'uniform', min: 1, max: 3 }, random, 1);
      counts.set(value, (counts.get(value) ?? 0) + 1);
    }
    expect([...counts.keys()].sort()).toEqual([1, 2, 3]);
    for (const count of counts.values()) expect(Math.abs(count - 10_000)).toBeLessThan(300);
  });

  test('whole numbers keep the minimum', () => {
    expect(sampleInteger({ kind: 'constant', value: 0 }, createRandom(1), 1)).toBe(1);
    expect(sampleInteger({ kind: 'constant', value: 7.4 }, createRandom(1), 1)).toBe(7);
  });
});
