import { describe, expect, test } from 'vitest';
import { UNKNOWN_USAGE, type Usage } from '../answer/attempt.ts';
import { chargeFor, describePrice, isUnpricedOutput, type Price, scaled } from './price.ts';

const GPT: Price = {
  input: 2,
  cachedInput: 0.5,
  cacheWrite: null,
  output: 8,
  tiers: [],
  source: 'test',
  date: '2026-01-01',
};

function usage(inputTokens: number | null, outputTokens: number | null, more: Partial<Usage> = {}): Usage {
  return { ...UNKNOWN_USAGE, inputTokens, outputTokens, ...more };
}

describe('chargeFor', () => {
  const noCachedPrice = { ...GPT, cachedInput: null };

  test.each<[string, Usage, Price, { costUsd: number; upperBound: boolean }]>([
    [
      'cached and reasoning tokens are parts, not extras',
      usage(10_000, 1500, { cachedInputTokens: 8000, reasoningTokens: 1200 }),
      GPT,
      { costUsd: 0.02, upperBound: false },
    ],
    [
      'cached tokens without a price of their own cost as much as others, at most',
      usage(10_000, 1500, { cachedInputTokens: 8000 }),
      noCachedPrice,
      { costUsd: 0.032, upperBound: true },
    ],
    [
      'nothing cached, nothing uncertain',
      usage(10, 0),
      noCachedPrice,
      { costUsd: 0.00002, upperBound: false },
    ],
    [
      'more cached than sent means all of them',
      usage(100, 0, { cachedInputTokens: 150 }),
      GPT,
      { costUsd: 0.00005, upperBound: false },
    ],
    [
      'none sent, so none cached',
      usage(0, 0, { cachedInputTokens: 5 }),
      noCachedPrice,
      { costUsd: 0, upperBound: false },
    ],
    ['no tokens, no cost', usage(0, 0), GPT, { costUsd: 0, upperBound: false }],
    ['a plain request', usage(12_345, 678), GPT, { costUsd: 0.030114, upperBound: false }],
    [
      'cache writes have their own price',
      usage(1000, 0, { cachedInputTokens: 200, cacheWriteInputTokens: 300 }),
      { ...GPT, cacheWrite: 3 },
      { costUsd: 0.002, upperBound: false },
    ],
    [
      'cache writes without one are input',
      usage(1000, 0, { cacheWriteInputTokens: 300 }),
      GPT,
      { costUsd: 0.002, upperBound: false },
    ],
    [
      'cache reads and writes never exceed the input',
      usage(100, 0, { cachedInputTokens: 80, cacheWriteInputTokens: 80 }),
      { ...GPT, cacheWrite: 3 },
      { costUsd: 0.0001, upperBound: false },
    ],
  ])('%s', (_, used, price, expected) => {
    expect(chargeFor(used, price)).toMatchObject(expected);
  });

  test.each([
    usage(null, 10),
    usage(10, null),
    usage(Number.NaN, 10),
    usage(-1, 10),
    usage(10, Infinity),
    UNKNOWN_USAGE,
  ])('unknown tokens have no cost, not a cost of 0: %j', (used) => {
    expect(chargeFor(used, GPT)).toBeNull();
  });

  test('a long prompt moves the whole request to its tier', () => {
    const tier = { cachedInput: null, cacheWrite: null };
    const price: Price = {
      ...GPT,
      tiers: [
        { ...tier, aboveInputTokens: 272_000, input: 10, output: 20 },
        { ...tier, aboveInputTokens: 128_000, input: 4, output: 12 },
      ],
    };
    const cost = (inputTokens: number): number => chargeFor(usage(inputTokens, 1000), price)?.costUsd ?? -1;
    expect(cost(128_000)).toBe(0.264);
    expect(cost(128_001)).toBe(0.524004);
    expect(cost(272_001)).toBe(2.74001);
  });

  test('a long prompt whose tier has no cached price is charged in full', () => {
    const tier = { aboveInputTokens: 1000, input: 4, cachedInput: null, cacheWrite: null, output: 8 };
    const charge = chargeFor(usage(2000, 0, { cachedInputTokens: 1000 }), { ...GPT, tiers: [tier] });
    expect(charge).toMatchObject({ costUsd: 0.008, upperBound: true });
  });
});

describe('a model that has a price for what it reads alone', () => {
  const reads: Price = { ...GPT, cachedInput: null, output: null };

  test('costs what it read, and nobody knows what it costs once it writes', () => {
    expect(chargeFor(usage(1000, 0), reads)?.costUsd).toBe(0.002);
    expect(chargeFor(usage(1000, 1), reads)).toBeNull();
    expect(chargeFor(usage(1000, 1, { cachedInputTokens: 5 }), reads)).toBeNull();
  });

  test.each([
    [reads, 1, true],
    [reads, 0, false],
    [reads, null, false],
    [GPT, 1, false],
  ])('%#: output without a price', (price, outputTokens, expected) => {
    expect(isUnpricedOutput(usage(1, outputTokens), price)).toBe(expected);
  });

  test('is told without an output, in its tiers too', () => {
    const tier = { ...reads, aboveInputTokens: 9, input: 4 };
    expect(describePrice({ ...reads, tiers: [tier] })).toBe('$2 in per 1M tokens ($4 above 9 input tokens)');
  });
});

test('a free model is no upper bound, whatever it read from a cache', () => {
  const free = { ...GPT, input: 0, cachedInput: null, output: 0 };
  expect(chargeFor(usage(10, 5, { cachedInputTokens: 5 }), free)).toMatchObject({
    costUsd: 0,
    upperBound: false,
  });
});

test('a rate that has no price has none at any factor', () => {
  const none = { input: 3, cachedInput: null, cacheWrite: null, output: null };
  expect(scaled(none, 0.5)).toEqual({ ...none, input: 1.5 });
  expect(scaled({ input: 3, cachedInput: 0.3, cacheWrite: 1, output: 6 }, 3)).toEqual({
    input: 9,
    cachedInput: 0.9,
    cacheWrite: 3,
    output: 18,
  });
});

describe('rates that an answer names for itself', () => {
  const flex = { input: 1, cachedInput: 0.25, cacheWrite: null, output: 4 };
  const tiered: Price = { ...GPT, cacheWrite: 2.5, serviceTiers: { flex } };
  const named = (...names: string[]) => names.map((name) => ({ name, tokens: null }));
  const hour = (tokens: number) => [{ name: 'cache_write_1h', tokens }];
  const written = usage(1_000_010, 0, { cacheWriteInputTokens: 1_000_000 });

  test('a cache that lasts an hour costs twice the input, whatever else is written', () => {
    expect(chargeFor(written, GPT, hour(1_000_000))?.costUsd).toBe(4.00002);
    expect(chargeFor(written, tiered, hour(1_000_000))?.costUsd).toBe(4.00002);
    expect(chargeFor(written, tiered, hour(400_000))?.costUsd).toBe(0.4 * 4 + 0.6 * 2.5 + 0.00002);
    expect(chargeFor(written, tiered, hour(9_000_000))?.costUsd).toBe(4.00002);
    expect(chargeFor(written, { ...tiered, cacheWriteHour: 5 }, hour(1_000_000))?.costUsd).toBe(5.00002);
    expect(chargeFor(written, GPT, hour(1_000_000))?.unknownRates).toEqual([]);
    // The price's own hour is of its own rates, and not of a tier's: that is twice the tier's input.
    const both = [...hour(1_000_000), ...named('flex')];
    expect(chargeFor(written, { ...tiered, cacheWriteHour: 5 }, both)?.costUsd).toBe(2.00001);
  });

  test('a tier has its own price, where it is known', () => {
    const used = usage(1_000_000, 1_000_000, { cachedInputTokens: 500_000 });
    expect(chargeFor(used, tiered, named('flex'))).toEqual({
      costUsd: 4.625,
      upperBound: false,
      unknownRates: [],
    });
  });

  test('a tier may be a factor of the ordinary price, long prompts included', () => {
    const tier = { aboveInputTokens: 1000, input: 4, cachedInput: null, cacheWrite: null, output: 16 };
    const price: Price = { ...GPT, tiers: [tier], serviceTiers: { priority: 1.75 } };
    expect(chargeFor(usage(1000, 1000), price, named('priority'))?.costUsd).toBe(0.0175);
    expect(chargeFor(usage(2000, 0), price, named('priority'))?.costUsd).toBe(0.014);
  });

  test('one that is not known is charged as ever, and told', () => {
    const used = usage(1_000_000, 0);
    expect(chargeFor(used, tiered, named('priority', 'web_search'))).toMatchObject({
      costUsd: 2,
      unknownRates: ['priority', 'web_search'],
    });
    expect(chargeFor(used, GPT, named('flex'))).toMatchObject({ costUsd: 2, unknownRates: ['flex'] });
    expect(chargeFor(used, tiered, named('constructor'))).toMatchObject({ unknownRates: ['constructor'] });
  });
});

describe('describePrice', () => {
  test('says what a token costs in each direction', () => {
    const tier = { aboveInputTokens: 200_000, input: 4, cachedInput: null, cacheWrite: null, output: 16 };
    expect(describePrice({ ...GPT, cachedInput: null })).toBe('$2 in, $8 out per 1M tokens');
    expect(describePrice({ ...GPT, cacheWrite: 2.5, tiers: [tier] })).toBe(
      '$2 in, $8 out per 1M tokens ($0.5 cached, $2.5 cache write, $4 / $16 above 200000 input tokens)',
    );
  });
});
