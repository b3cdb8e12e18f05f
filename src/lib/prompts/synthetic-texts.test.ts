import { describe, expect, test } from 'vitest';
import { mean, standardDeviation } from '../../../test/support/statistics.ts';
import type { Distribution } from '../numbers/distribution.ts';
import { createSyntheticPicker, outputTokensFor, sharedPrefix } from './synthetic-texts.ts';

/** Each word and each full stop is one token. */
const tokensOf = (text: string): number => text.match(/[A-Za-z]+|\./g)?.length ?? 0;

function texts(
  inputTokens: Distribution,
  count: number,
  more: { seed?: number; correctionRatio?: number } = {},
) {
  const picker = createSyntheticPicker({ inputTokens, turns: 1, correctionRatio: 1, seed: 42, ...more });
  return Array.from({ length: count }, (_, i) => picker.pick(i).messages[0]?.content ?? '');
}

describe('synthetic prompts', () => {
  test.each([1, 2, 23, 24, 25, 200, 1023, 1024, 5000])('%d tokens are exactly that', (value) => {
    for (const text of texts({ kind: 'constant', value }, 5)) expect(tokensOf(text)).toBe(value);
  });

  test('lengths follow the distribution', () => {
    const lengths = texts({ kind: 'normal', mean: 200, stdDev: 50 }, 3000).map(tokensOf);
    expect(Math.abs(mean(lengths) - 200)).toBeLessThan(3);
    expect(Math.abs(standardDeviation(lengths) - 50)).toBeLessThan(3);
  });

  test('the correction multiplies them', () => {
    expect(tokensOf(texts({ kind: 'constant', value: 200 }, 1, { correctionRatio: 0.8 })[0] ?? '')).toBe(160);
  });

  test('no two prompts share their first eight words', () => {
    const heads = texts({ kind: 'constant', value: 200 }, 3000).map((text) =>
      text.split(' ').slice(0, 8).join(' '),
    );
    expect(new Set(heads).size).toBe(3000);
  });

  test('the same seed gives the same prompts, another seed others', () => {
    const inputTokens: Distribution = { kind: 'uniform', min: 50, max: 400 };
    expect(texts(inputTokens, 50)).toEqual(texts(inputTokens, 50));
    expect(texts(inputTokens, 50)).not.toEqual(texts(inputTokens, 50, { seed: 43 }));
  });

  test('each turn has a text of its own', () => {
    const picker = createSyntheticPicker({
      inputTokens: { kind: 'constant', value: 30 },
      turns: 3,
      correctionRatio: 1,
      seed: 1,
    });
    const { messages, followUps } = picker.pick(0);
    expect(new Set([messages[0]?.content, ...followUps]).size).toBe(3);
    expect(followUps.map(tokensOf)).toEqual([30, 30]);
  });
});

describe('output lengths and shared prefix', () => {
  test('output lengths depend on seed and request alone, and are at least 1', () => {
    const outputTokens: Distribution = { kind: 'normal', mean: 20, stdDev: 30 };
    const lengths = Array.from({ length: 500 }, (_, i) => outputTokensFor(outputTokens, 42, i));
    expect(lengths).toEqual(Array.from({ length: 500 }, (_, i) => outputTokensFor(outputTokens, 42, i)));
    expect(Math.min(...lengths)).toBe(1);
    expect(new Set(lengths).size).toBeGreaterThan(30);
  });

  test('the prefix has its length, one text a seed', () => {
    expect(tokensOf(sharedPrefix(1500, 42))).toBe(1500);
    expect(sharedPrefix(100, 42)).toBe(sharedPrefix(100, 42));
    expect(sharedPrefix(100, 42)).not.toBe(sharedPrefix(100, 43));
    expect(sharedPrefix(0, 42)).toBe('');
  });
});
