import { describe, expect, test } from 'vitest';
import { UNKNOWN_USAGE, type Usage } from '../answer/attempt.ts';
import { readPriceFile } from './price-file.ts';
import { type Cost, createPricing, type Pricing } from './pricing.ts';

const BUILT_IN = readPriceFile(
  {
    models: {
      'gpt-4.1': { input: 2, output: 8 },
      'claude-sonnet-4.5': { input: 3, output: 15 },
    },
    providers: {
      openai: {
        hosts: ['api.openai.com'],
        models: {
          'gpt-4.1': { input: 2, cachedInput: 0.5, output: 8 },
          'gpt-4.1-mini': { input: 0.4, output: 1.6 },
          'gpt-4o': { input: 2.5, output: 10 },
          'gpt-4o-2024-05-13': { input: 5, output: 15 },
        },
      },
      groq: { models: { 'openai/gpt-oss-20b': { input: 0.075, output: 0.3 } } },
    },
  },
  'prices.json',
);
const MILLION: Usage = { ...UNKNOWN_USAGE, inputTokens: 1_000_000, outputTokens: 0 };

function inputPrice(provider: string, model: string): number | null {
  return createPricing({ builtIn: BUILT_IN, provider }).priceOf(model)?.price.input ?? null;
}

describe('priceOf', () => {
  test.each([
    ['openai', 'gpt-4.1', 2],
    ['openai', 'openai/gpt-4.1', 2],
    ['openai', 'gpt-4.1-2025-04-14', 2],
    ['openai', 'openai/gpt-4.1-2025-04-14', 2],
    ['openai', 'gpt-4o-2024-11-20', 2.5],
    ['openai', 'gpt-4o-2024-05-13', 5],
    ['openai', 'claude-sonnet-4.5', 3],
    ['mock', 'gpt-4.1', 2],
    ['mock', 'gpt-4.1-mini', null],
    ['openai', 'gpt-4.1-nano', null],
    ['openai', 'gpt-4', null],
    ['openai', 'gpt-4.1-2025-02-30', null],
    ['openai', 'GPT-4.1', null],
    ['openai', 'azure/eu/gpt-4.1', null],
    ['openai', 'constructor', null],
    ['openai', '', null],
    ['groq', 'openai/gpt-oss-20b', 0.075],
    ['custom', 'openai/gpt-oss-20b', null],
  ])('%s %j: %s', (provider, model, expected) => {
    expect(inputPrice(provider, model)).toBe(expected);
  });

  test('a bare base URL finds the table of its host', () => {
    const pricing = createPricing({ builtIn: BUILT_IN, provider: 'custom', host: 'api.openai.com' });
    expect(pricing.priceOf('gpt-4.1-mini')?.price.input).toBe(0.4);
  });

  test("the user's prices win over every built-in one, dated names included", () => {
    const override = readPriceFile(
      {
        models: { 'gpt-4o': { input: 1, output: 1 }, own: { input: 9, output: 9 } },
        providers: { openai: { models: { own: { input: 7, output: 7 } } } },
      },
      'own.json',
    );
    const pricing = createPricing({ builtIn: BUILT_IN, override, provider: 'openai' });
    expect(pricing.priceOf('gpt-4o-2024-05-13')?.price.input).toBe(1);
    expect(pricing.priceOf('own')?.price.input).toBe(7);
    expect(pricing.priceOf('gpt-4.1')?.price.cachedInput).toBe(0.5);
  });
});

describe('costUsd', () => {
  const pricing = createPricing({ builtIn: BUILT_IN, provider: 'openai' });
  const cost = (model: string, answeredModel: string | null, usage: Usage = MILLION): Cost =>
    pricing.costUsd({ usage, model, answeredModel });

  test('the name in the answer wins where it has a price', () => {
    expect(cost('gpt-4.1', 'gpt-4.1-mini')).toMatchObject({
      kind: 'priced',
      costUsd: 0.4,
      model: 'gpt-4.1-mini',
    });
    expect(cost('gpt-4.1', 'gpt-4.1-2025-04-14')).toMatchObject({ costUsd: 2, model: 'gpt-4.1' });
    expect(cost('gpt-4.1', null)).toMatchObject({ kind: 'priced', costUsd: 2, model: 'gpt-4.1' });
    expect(cost('my-alias', 'gpt-4o-2024-05-13')).toMatchObject({ kind: 'priced', costUsd: 5 });
  });

  test('no price is unpriced, never free', () => {
    expect(cost('unheard-of', 'unheard-of-too')).toEqual({ kind: 'unpriced' });
  });

  test('a built-in price is of the model that answered, never of one that did not', () => {
    expect(cost('gpt-4.1', 'tiny-random')).toEqual({ kind: 'unpriced' });
    expect(cost('gpt-4.1', 'gpt-4.1-nano')).toEqual({ kind: 'unpriced' });
  });

  test.each([
    'openai/gpt-4.1',
    'GPT-4.1',
    'gpt-4-1',
    'gpt-4.1-2025-04-14',
    'gpt-4.1:free',
    'azure/eu/gpt-4.1',
  ])('another spelling of the model asked for is the same model: %s', (answered) => {
    expect(cost('gpt-4.1', answered)).toMatchObject({ kind: 'priced', costUsd: 2 });
    expect(pricing.isOtherPrice('gpt-4.1', answered)).toBe(false);
  });

  test('names from servers are no keys: constructor', () => {
    expect(cost('gpt-4.1', 'constructor')).toEqual({ kind: 'unpriced' });
    const rates = [{ name: 'constructor', tokens: null }];
    const charge = pricing.costUsd({ usage: MILLION, rates, model: 'gpt-4.1', answeredModel: null });
    expect(charge).toMatchObject({ costUsd: 2, unknownRates: ['constructor'] });
  });

  test.each<Partial<Usage>>([{ inputTokens: null }, { outputTokens: null }])(
    'unknown tokens are missing usage, priced or not: %j',
    (missing) => {
      expect(cost('gpt-4.1', null, { ...MILLION, ...missing })).toEqual({ kind: 'usage-missing' });
      expect(cost('unheard-of', null, { ...MILLION, ...missing })).toEqual({ kind: 'usage-missing' });
    },
  );

  test('output without a price is unpriced; counts that are none are missing usage', () => {
    const reads = readPriceFile({ models: { reads: { input: 1 } } }, 'p');
    const ofReads = createPricing({ builtIn: reads, provider: 'x' });
    const kindOf = (outputTokens: number): string => {
      const used = { ...MILLION, outputTokens };
      return ofReads.costUsd({ usage: used, model: 'reads', answeredModel: null }).kind;
    };
    expect([0, 1, -1].map(kindOf)).toEqual(['priced', 'unpriced', 'usage-missing']);
  });

  test('cached tokens without a price of their own make it an upper bound', () => {
    const usage = { ...MILLION, cachedInputTokens: 500_000 };
    expect(cost('gpt-4.1', null, usage)).toMatchObject({ costUsd: 1.25, upperBound: false });
    expect(cost('gpt-4o', null, usage)).toMatchObject({ costUsd: 2.5, upperBound: true });
  });

  test('a price is parsed once, and names from servers do not pile up', () => {
    let lookups = 0;
    const counting = {
      ...BUILT_IN,
      models: { names: [], get: () => (lookups++, null) },
      providers: new Map(),
    };
    const counted = createPricing({ builtIn: counting, provider: 'x' });
    for (let i = 0; i < 3; i++) counted.priceOf('m');
    expect(lookups).toBe(1);
    for (let i = 0; i < 5000; i++) counted.priceOf(`m${i}`);
    counted.priceOf('m');
    counted.priceOf('m998');
    expect(lookups).toBe(5001);
    // A thousand are remembered: m, and m0 to m998.
    counted.priceOf('m999');
    expect(lookups).toBe(5002);
  });
});

test("warnings are those of the user's own prices", () => {
  expect(createPricing({ builtIn: BUILT_IN, provider: 'openai' }).warnings).toEqual([]);
  const override = { ...BUILT_IN, warnings: ['dear'] };
  expect(createPricing({ builtIn: BUILT_IN, override, provider: 'openai' }).warnings).toEqual(['dear']);
});

describe("the user's own prices", () => {
  const own = (models: Record<string, unknown>) =>
    createPricing({
      builtIn: BUILT_IN,
      override: readPriceFile({ models }, 'own.json'),
      provider: 'openai',
    });
  const dollars = (pricing: Pricing, model: string, answeredModel: string | null): number | null => {
    const cost = pricing.costUsd({ usage: MILLION, model, answeredModel });
    return cost.kind === 'priced' ? cost.costUsd : null;
  };

  test('win by the name asked for, before a built-in one of the name answered with', () => {
    const pricing = own({ 'prod-chat': { input: 1, output: 4 } });
    expect(dollars(pricing, 'prod-chat', 'gpt-4.1-2025-04-14')).toBe(1);
    expect(pricing.priceFor('prod-chat', 'gpt-4.1-2025-04-14')).toEqual(pricing.priceOf('prod-chat'));
    expect(pricing.isOtherPrice('prod-chat', 'gpt-4.1-2025-04-14')).toBe(true);
  });

  test('win by the name answered with, before that of the name asked for', () => {
    const pricing = own({ 'prod-chat': { input: 1, output: 4 }, tiny: { input: 7, output: 7 } });
    expect(dollars(pricing, 'prod-chat', 'tiny')).toBe(7);
    expect(dollars(pricing, 'gpt-4.1', 'tiny')).toBe(7);
    expect(dollars(pricing, 'gpt-4.1', 'unheard-of')).toBeNull();
  });

  test('of the name asked for hold for an answer from a model that nobody knows', () => {
    expect(dollars(own({ 'gpt-4.1': { input: 1, output: 4 } }), 'gpt-4.1', 'tiny-random')).toBe(1);
  });
});

test.each<[string, string | null, boolean]>([
  ['gpt-4.1', 'gpt-4.1-mini', true],
  ['gpt-4.1', 'tiny-random', true],
  ['unheard-of', 'gpt-4.1', true],
  ['gpt-4.1', null, false],
  ['gpt-4.1', 'gpt-4.1', false],
  ['unheard-of', 'unheard-of-too', false],
])('asked %s, answered %s: another price: %s', (asked, answered, expected) => {
  expect(createPricing({ builtIn: BUILT_IN, provider: 'openai' }).isOtherPrice(asked, answered)).toBe(
    expected,
  );
});
