import { expect, test } from 'vitest';
import { UNKNOWN_USAGE } from '../answer/attempt.ts';
import { ConfigError } from '../parse/config-error.ts';
import { describePrice, usdFor } from './price.ts';
import { createPricing } from './pricing.ts';
import { parsePriceText } from './price-file.ts';
import { tooSmallForOne, worstCaseUsd } from './worst-case.ts';

/** What is said of a price file: its refusal, or its warnings. */
function said(data: unknown): string {
  try {
    return parsePriceText(JSON.stringify(data), 'P').warnings.join('; ') || 'taken';
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
}

const OK = { input: 1, output: 2 };
const model = (price: unknown): unknown => ({ models: { m: price } });

test('price files of another form, in whole sentences', () => {
  const files: unknown[] = [
    [],
    {},
    { models: [] },
    { modles: {} },
    { unit: 'per_1b', models: {} },
    { providers: [] },
    { providers: { x: [] } },
    { providers: { x: { unit: 'x' } } },
    { providers: { x: { hosts: 'h' } } },
    { providers: { x: { hosts: [3] } } },
    { providers: { x: { hosts: ['h'], models: { m: OK } } } },
    ...[
      3,
      {},
      { input: '1', output: 2 },
      { input: -1, output: 2 },
      { input: 0, output: 0 },
      { ...OK, unit: 'x' },
    ].map(model),
    ...[
      { ...OK, cached_input: 1 },
      { ...OK, cachedInput: null },
      { input: 1 },
      { ...OK, cacheWriteHour: 'x' },
    ].map(model),
    ...[
      { ...OK, tiers: {} },
      { ...OK, tiers: [3] },
      { ...OK, tiers: [OK] },
    ].map(model),
    ...[0, -1, '5', 0.5].map((aboveInputTokens) => model({ ...OK, tiers: [{ ...OK, aboveInputTokens }] })),
    ...[
      [],
      { flex: -1 },
      { flex: 0 },
      { flex: 'x' },
      { flex: { input: 1 } },
      { flex: { ...OK, tiers: [] } },
    ].map((serviceTiers) => model({ ...OK, serviceTiers })),
    ...[1000, 1000.6, 1_234_567].map((input) => model({ input, output: 0 })),
    model({ input: 0, output: 2001 }),
    model({ ...OK, cacheWrite: 3000 }),
    model({ input: 0.002, output: 0, unit: 'per_1k' }),
    model({ input: 2, output: 0, unit: 'per_1k' }),
  ];
  expect(files.map((data) => `${JSON.stringify(data)}: ${said(data)}`)).toMatchInlineSnapshot(`
    [
      "[]: P: got "[]"; expected a JSON object; write {"models":{"gpt-4.1":{"input":2,"output":8}}}",
      "{}: P: got "{}"; expected prices under "models", or under "providers" and a name; write {"models":{"gpt-4.1":{"input":2,"output":8}}}",
      "{"models":[]}: P: models: got "[]"; expected an object of prices by model; write {"models":{"gpt-4.1":{"input":2,"output":8}}}",
      "{"modles":{}}: P: got "modles"; expected no keys but $schema, unit, source, date, license, note, models, providers (did you mean models?); write {"models":{"gpt-4.1":{"input":2,"output":8}}}",
      "{"unit":"per_1b","models":{}}: P: unit: got "per_1b"; expected one of per_1m, per_1k, per_token; write {"models":{"gpt-4.1":{"input":2,"output":8}}}",
      "{"providers":[]}: P: providers: got "[]"; expected an object of tables by provider; write {"models":{"gpt-4.1":{"input":2,"output":8}}}",
      "{"providers":{"x":[]}}: P: providers.x: got "[]"; expected a JSON object; write {"models":{"gpt-4.1":{"input":2,"output":8}}}",
      "{"providers":{"x":{"unit":"x"}}}: P: providers.x: unit: got "x"; expected one of per_1m, per_1k, per_token; write {"models":{"gpt-4.1":{"input":2,"output":8}}}",
      "{"providers":{"x":{"hosts":"h"}}}: P: providers.x.hosts: got "h"; expected a list of host names; write {"models":{"gpt-4.1":{"input":2,"output":8}}}",
      "{"providers":{"x":{"hosts":[3]}}}: P: providers.x.hosts: got "[3]"; expected a list of host names; write {"models":{"gpt-4.1":{"input":2,"output":8}}}",
      "{"providers":{"x":{"hosts":["h"],"models":{"m":{"input":1,"output":2}}}}}: taken",
      "{"models":{"m":3}}: P: models.m: got "3"; expected an object with input and output prices, or with an input price alone for models that write nothing; write {"input":2,"cachedInput":0.5,"output":8}",
      "{"models":{"m":{}}}: P: models.m.input: got "nothing"; expected US dollars per 1m tokens, a JSON number of at least 0; write {"input":2,"cachedInput":0.5,"output":8}",
      "{"models":{"m":{"input":"1","output":2}}}: P: models.m.input: got "1"; expected US dollars per 1m tokens, a JSON number of at least 0; write {"input":2,"cachedInput":0.5,"output":8}",
      "{"models":{"m":{"input":-1,"output":2}}}: P: models.m.input: got "-1"; expected US dollars per 1m tokens, a JSON number of at least 0; write {"input":2,"cachedInput":0.5,"output":8}",
      "{"models":{"m":{"input":0,"output":0}}}: taken",
      "{"models":{"m":{"input":1,"output":2,"unit":"x"}}}: P: models.m.unit: got "x"; expected one of per_1m, per_1k, per_token; write {"input":2,"cachedInput":0.5,"output":8}",
      "{"models":{"m":{"input":1,"output":2,"cached_input":1}}}: P: models.m: got "cached_input"; expected no keys but input, cachedInput, cacheWrite, output, cacheWriteHour, serviceTiers, unit, tiers, source, date (did you mean cachedInput?); write {"input":2,"cachedInput":0.5,"output":8}",
      "{"models":{"m":{"input":1,"output":2,"cachedInput":null}}}: P: models.m.cachedInput: got "null"; expected US dollars per 1m tokens, a JSON number of at least 0; write {"input":2,"cachedInput":0.5,"output":8}",
      "{"models":{"m":{"input":1}}}: taken",
      "{"models":{"m":{"input":1,"output":2,"cacheWriteHour":"x"}}}: P: models.m.cacheWriteHour: got "x"; expected US dollars per 1m tokens, a JSON number of at least 0; write {"input":2,"cachedInput":0.5,"output":8}",
      "{"models":{"m":{"input":1,"output":2,"tiers":{}}}}: P: models.m.tiers: got "{}"; expected a list of tiers; write {"input":2,"cachedInput":0.5,"output":8}",
      "{"models":{"m":{"input":1,"output":2,"tiers":[3]}}}: P: models.m.tiers[0]: got "3"; expected an object with input and output prices, or with an input price alone for models that write nothing; write {"input":2,"cachedInput":0.5,"output":8}",
      "{"models":{"m":{"input":1,"output":2,"tiers":[{"input":1,"output":2}]}}}: P: models.m.tiers[0].aboveInputTokens: got "nothing"; expected a number of input tokens above 0; write {"input":2,"cachedInput":0.5,"output":8}",
      "{"models":{"m":{"input":1,"output":2,"tiers":[{"input":1,"output":2,"aboveInputTokens":0}]}}}: P: models.m.tiers[0].aboveInputTokens: got "0"; expected a number of input tokens above 0; write {"input":2,"cachedInput":0.5,"output":8}",
      "{"models":{"m":{"input":1,"output":2,"tiers":[{"input":1,"output":2,"aboveInputTokens":-1}]}}}: P: models.m.tiers[0].aboveInputTokens: got "-1"; expected a number of input tokens above 0; write {"input":2,"cachedInput":0.5,"output":8}",
      "{"models":{"m":{"input":1,"output":2,"tiers":[{"input":1,"output":2,"aboveInputTokens":"5"}]}}}: P: models.m.tiers[0].aboveInputTokens: got "5"; expected a number of input tokens above 0; write {"input":2,"cachedInput":0.5,"output":8}",
      "{"models":{"m":{"input":1,"output":2,"tiers":[{"input":1,"output":2,"aboveInputTokens":0.5}]}}}: taken",
      "{"models":{"m":{"input":1,"output":2,"serviceTiers":[]}}}: P: models.m.serviceTiers: got "[]"; expected an object of prices by tier, \`flex\` or \`priority\`; write {"input":2,"cachedInput":0.5,"output":8}",
      "{"models":{"m":{"input":1,"output":2,"serviceTiers":{"flex":-1}}}}: P: models.m.serviceTiers.flex: got "-1"; expected prices, or the factor of the ordinary ones, a number of at least 0; write {"input":2,"cachedInput":0.5,"output":8}",
      "{"models":{"m":{"input":1,"output":2,"serviceTiers":{"flex":0}}}}: taken",
      "{"models":{"m":{"input":1,"output":2,"serviceTiers":{"flex":"x"}}}}: P: models.m.serviceTiers.flex: got "x"; expected an object with input and output prices, or with an input price alone for models that write nothing; write {"input":2,"cachedInput":0.5,"output":8}",
      "{"models":{"m":{"input":1,"output":2,"serviceTiers":{"flex":{"input":1}}}}}: taken",
      "{"models":{"m":{"input":1,"output":2,"serviceTiers":{"flex":{"input":1,"output":2,"tiers":[]}}}}}: P: models.m.serviceTiers.flex: got "tiers"; expected no keys but input, cachedInput, cacheWrite, output; write {"input":2,"cachedInput":0.5,"output":8}",
      "{"models":{"m":{"input":1000,"output":0}}}: taken",
      "{"models":{"m":{"input":1000.6,"output":0}}}: P: m (models): 1,001 USD per 1M tokens: unit mistake? units are per_1m, per_1k, per_token",
      "{"models":{"m":{"input":1234567,"output":0}}}: P: m (models): 1,234,567 USD per 1M tokens: unit mistake? units are per_1m, per_1k, per_token",
      "{"models":{"m":{"input":0,"output":2001}}}: P: m (models): 2,001 USD per 1M tokens: unit mistake? units are per_1m, per_1k, per_token",
      "{"models":{"m":{"input":1,"output":2,"cacheWrite":3000}}}: P: m (models): 3,000 USD per 1M tokens: unit mistake? units are per_1m, per_1k, per_token",
      "{"models":{"m":{"input":0.002,"output":0,"unit":"per_1k"}}}: taken",
      "{"models":{"m":{"input":2,"output":0,"unit":"per_1k"}}}: P: m (models): 2,000 USD per 1M tokens: unit mistake? units are per_1m, per_1k, per_token",
    ]
  `);
  expect(() => parsePriceText('{', 'P')).toThrowErrorMatchingInlineSnapshot(
    `[ConfigError: P: got "{"; expected JSON; write {"models":{"gpt-4.1":{"input":2,"output":8}}}]`,
  );
});

const PRICES = {
  models: {
    rich: {
      input: 2,
      output: 8,
      cachedInput: 0.5,
      cacheWrite: 2.5,
      cacheWriteHour: 9,
      tiers: [
        { aboveInputTokens: 100, input: 4, output: 16 },
        { aboveInputTokens: 1000, input: 20, output: 80 },
      ],
      serviceTiers: { Flex: 0.5, Priority: { input: 30, output: 90 } },
    },
    plain: { input: 2, output: 8 },
    dear: { input: 2, output: 9 },
    dearer: { input: 3, output: 8 },
    reads: { input: 1 },
  },
};
const file = parsePriceText(JSON.stringify(PRICES), 'P');
const priceOf = (name: string) => file.models.get(name)!;

test('a price in words, with all that it may have', () => {
  expect(['rich', 'plain', 'reads'].map((name) => describePrice(priceOf(name)))).toMatchInlineSnapshot(`
    [
      "$2 in, $8 out per 1M tokens ($0.5 cached, $2.5 cache write, $20 / $80 above 1000 input tokens, $4 / $16 above 100 input tokens, $1 / $4 flex, $30 / $90 priority)",
      "$2 in, $8 out per 1M tokens",
      "$1 in per 1M tokens",
    ]
  `);
});

test('service tiers: a factor of every rate, or rates of their own', () => {
  const usage = {
    ...UNKNOWN_USAGE,
    inputTokens: 100,
    outputTokens: 10,
    cachedInputTokens: 40,
    cacheWriteInputTokens: 20,
  };
  const usd = (...rates: { name: string; tokens: number | null }[]) => usdFor(usage, priceOf('rich'), rates);
  expect(usd()).toBeCloseTo((40 * 2 + 40 * 0.5 + 20 * 2.5 + 10 * 8) / 1e6, 12);
  expect(usd({ name: 'flex', tokens: null })).toBeCloseTo((40 * 2 + 40 * 0.5 + 20 * 2.5 + 10 * 8) / 2e6, 12);
  expect(usd({ name: 'priority', tokens: null })).toBeCloseTo((100 * 30 + 10 * 90) / 1e6, 12);
  expect(usd({ name: 'flex', tokens: 5 })).toBe(usd());
  expect(usd({ name: 'nobody', tokens: null })).toBe(usd());
  expect(usd({ name: 'cache_write_1h', tokens: 15 })).toBeCloseTo(
    (40 * 2 + 40 * 0.5 + 5 * 2.5 + 15 * 9 + 10 * 8) / 1e6,
    12,
  );
  expect(usd({ name: 'web_search', tokens: null }, { name: 'flex', tokens: null })).toBe(
    usd({ name: 'flex', tokens: null }),
  );
});

test('the dearest that a request can be: the tiers in reach, those of service where it asks, the cache of an hour', () => {
  const rich = priceOf('rich');
  expect(worstCaseUsd(rich, 100, 10)).toBeCloseTo((100 * 2.5 + 10 * 8) / 1e6, 12);
  expect(worstCaseUsd({ ...rich, cachedInput: 3 }, 100, 10)).toBeCloseTo((100 * 3 + 10 * 8) / 1e6, 12);
  expect(worstCaseUsd(rich, 101, 10)).toBeCloseTo((101 * 4 + 10 * 16) / 1e6, 12);
  expect(worstCaseUsd(rich, 1001, 10)).toBeCloseTo((1001 * 20 + 10 * 80) / 1e6, 12);
  expect(worstCaseUsd(rich, 10, 10, { hourCache: true, serviceTier: false })).toBeCloseTo(
    (10 * 9 + 10 * 8) / 1e6,
    12,
  );
  expect(worstCaseUsd(rich, 10, 10, { hourCache: false, serviceTier: true })).toBeCloseTo(
    (10 * 30 + 10 * 90) / 1e6,
    12,
  );
  const doubled = parsePriceText(
    JSON.stringify(
      model({ ...OK, tiers: [{ ...OK, input: 5, aboveInputTokens: 10 }], serviceTiers: { fast: 3 } }),
    ),
    'P',
  ).models.get('m')!;
  expect(worstCaseUsd(doubled, 20, 10, { hourCache: false, serviceTier: true })).toBeCloseTo(
    (20 * 15 + 10 * 6) / 1e6,
    12,
  );
  expect(worstCaseUsd(doubled, 5, 10, { hourCache: false, serviceTier: true })).toBeCloseTo(
    (5 * 3 + 10 * 6) / 1e6,
    12,
  );
  expect(worstCaseUsd(priceOf('plain'), 5, 10, { hourCache: true, serviceTier: true })).toBeCloseTo(
    (5 * 4 + 80) / 1e6,
    12,
  );
  expect(
    tooSmallForOne(0.5, { model: 'm', worstUsd: 0.75, maxInputTokens: 9, maxOutputTokens: 7 }),
  ).toMatchInlineSnapshot(
    `"a budget of $0.500000 is too small for one request: one of m may cost $0.750000 (at most 9 tokens in, 7 out)"`,
  );
});

test('another model than asked is told when its price is another', () => {
  const pricing = createPricing({ builtIn: file, provider: 'custom' });
  const isOther = (answered: string | null): boolean => pricing.isOtherPrice('plain', answered);
  expect([null, 'plain', 'dear', 'dearer', 'rich', 'unknown'].map(isOther)).toEqual([
    false,
    false,
    true,
    true,
    false,
    true,
  ]);
  expect(pricing.isOtherPrice('unknown', 'nobody')).toBe(false);
});
