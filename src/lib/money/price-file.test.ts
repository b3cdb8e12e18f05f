import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import builtIn from '../../../data/prices.json';
import schema from '../../../data/prices.schema.json';
import { ConfigError } from '../parse/config-error.ts';
import { checkPriceFile, parsePriceText, readPriceFile } from './price-file.ts';

const PLACE = 'LLM_PRICES prices.json';

function parse(data: unknown): string[] {
  return checkPriceFile(readPriceFile(data, PLACE), PLACE);
}

function messageOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  return 'no error';
}

describe('readPriceFile', () => {
  test.each([
    ['per_1m', 2, 8],
    ['per_1k', 0.002, 0.008],
    ['per_token', 2e-6, 8e-6],
    [undefined, 2, 8],
  ])('unit %s: %d and %d come to 2 and 8 dollars per million', (unit, input, output) => {
    const expected = { input: 2, output: 8, cachedInput: null, cacheWrite: null, tiers: [] };
    const models = { m: { input, output } };
    for (const data of [
      { unit, models },
      { models: { m: { unit, input, output } } },
      { providers: { x: { unit, models } } },
    ]) {
      const file = readPriceFile(JSON.parse(JSON.stringify(data)), PLACE);
      const table = file.providers.get('x') ?? file.models;
      expect(table.get('m')).toMatchObject(expected);
    }
  });

  test('source and date come from the model, else from its table, else from the file', () => {
    const model = { input: 1, output: 1 };
    const file = readPriceFile(
      {
        source: 'file',
        date: '2026-01-01',
        models: { a: model, b: { ...model, source: 'own', date: '2026-03-03' } },
        providers: { x: { source: 'table', models: { c: model } } },
      },
      PLACE,
    );
    expect(file.models.get('a')).toMatchObject({ source: 'file', date: '2026-01-01' });
    expect(file.models.get('b')).toMatchObject({ source: 'own', date: '2026-03-03' });
    expect(file.providers.get('x')?.get('c')).toMatchObject({ source: 'table', date: '2026-01-01' });
  });

  test('tiers are put in order, the longest prompts first', () => {
    const tiers = [1000, 5000, 2000].map((aboveInputTokens) => ({ aboveInputTokens, input: 1, output: 1 }));
    const file = readPriceFile({ models: { m: { input: 1, output: 1, tiers } } }, PLACE);
    expect(file.models.get('m')?.tiers.map((tier) => tier.aboveInputTokens)).toEqual([5000, 2000, 1000]);
  });

  test('hosts lead to their providers, and a file that is not checked warns of nothing', () => {
    const m = { m: { input: 1, output: 1 } };
    const providers = { x: { hosts: ['a', 'b'], models: m }, y: { models: m } };
    const file = readPriceFile({ providers }, PLACE);
    expect([...file.providerByHost]).toEqual([
      ['a', 'x'],
      ['b', 'x'],
    ]);
    expect(file.warnings).toEqual([]);
  });

  test.each([Infinity, Number.NaN, -1])('%s is no limit of a tier, and no factor', (number) => {
    const price = { input: 1, output: 1 };
    const of = (more: object) =>
      messageOf(() => readPriceFile({ models: { m: { ...price, ...more } } }, PLACE).models.get('m'));
    expect(of({ tiers: [{ ...price, aboveInputTokens: number }] })).toContain('above 0');
    expect(of({ serviceTiers: { flex: number } })).toContain('a number of at least 0');
  });

  test.each(['constructor', '__proto__', 'toString', 'hasOwnProperty', ''])('%j is no model', (name) => {
    expect(readPriceFile({ models: {} }, PLACE).models.get(name)).toBeNull();
  });

  test.each<[unknown, string]>([
    [{ models: { 'gpt-4.1': { input: -2, output: 8 } } }, 'models.gpt-4.1.input: got "-2"'],
    [{ models: { 'gpt-4.1': { input: '2', output: 8 } } }, 'models.gpt-4.1.input: got "2"'],
    [{ models: { 'gpt-4.1': { output: 8 } } }, 'models.gpt-4.1.input: got "nothing"'],
    [{ models: { m: { input: 1, output: null } } }, 'models.m.output: got "null"'],
    [{ models: { m: { input: Number.NaN, output: 1 } } }, 'models.m.input: got "null"'],
    [{ models: { m: { input: Infinity, output: 1 } } }, 'models.m.input'],
    [{ models: { m: { input: 1, output: 1, cached_input: 1 } } }, 'did you mean cachedInput?'],
    [{ models: { m: { input: 1, output: 1, cachedInput: null } } }, 'models.m.cachedInput: got "null"'],
    [{ models: { m: { input: 1, output: 1, unit: 'per_1g' } } }, 'models.m.unit: got "per_1g"'],
    [{ models: { m: { input: 1, output: 1, tiers: {} } } }, 'models.m.tiers'],
    [
      { models: { m: { input: 1, output: 1, tiers: [{ input: 1, output: 1 }] } } },
      'models.m.tiers[0].aboveInputTokens',
    ],
    [{ models: { m: 3 } }, 'models.m: got "3"'],
    [{ models: [] }, 'models: got "[]"'],
    [{ unit: 'usd', models: {} }, 'unit: got "usd"'],
    [{ providers: { x: [] } }, 'providers.x: got "[]"'],
    [
      { providers: { x: { models: { m: { input: -1, output: 1 } } } } },
      'providers.x.models.m.input: got "-1"',
    ],
    [{ providers: { x: { hosts: 'a', models: {} } } }, 'providers.x.hosts: got "a"'],
    [{ providers: { x: { hosts: ['a', 3], models: {} } } }, 'providers.x.hosts: got "["a",3]"'],
    [{ 'gpt-4.1': { input: 2, output: 8 } }, 'got "gpt-4.1"'],
    [{}, 'prices under "models"'],
    [[], 'a JSON object'],
    [null, 'a JSON object'],
    ['x', 'a JSON object'],
  ])('%j is refused, naming the place', (data, part) => {
    const message = messageOf(() => parse(data));
    expect(message).toContain(part);
    expect(message.startsWith(PLACE)).toBe(true);
  });
});

describe('checkPriceFile', () => {
  test('a price that can only be a wrong unit draws a warning', () => {
    expect(parse({ unit: 'per_token', models: { m: { input: 0.04, output: 0.08 } } })).toEqual([
      `${PLACE}: m (models): 80,000 USD per 1M tokens: unit mistake? units are per_1m, per_1k, per_token`,
    ]);
    expect(parse({ models: { m: { input: 0, output: 1000 } } })).toEqual([]);
    expect(parse({ models: { m: { input: 1000.01, output: 0 } } })).toHaveLength(1);
  });
});

describe('parsePriceText', () => {
  test('takes a byte order mark', () => {
    expect(parsePriceText('\uFEFF{"models":{"m":{"input":1,"output":2}}}', PLACE).models.names).toEqual([
      'm',
    ]);
  });

  test.each(['', '{', 'models: {}', '\u0000\u0001', '{"models":{"m":{"input":1,'])(
    '%j is refused as not JSON',
    (text) => {
      expect(messageOf(() => parsePriceText(text, PLACE))).toMatch(
        /^LLM_PRICES prices\.json: got .*expected JSON/,
      );
    },
  );
});

function fileWith(price: unknown): string {
  return JSON.stringify({ models: {}, providers: { x: { models: { m: price } } } });
}

describe('parsePriceText, the prices in it', () => {
  test('are all checked, wherever they are', () => {
    expect(messageOf(() => parsePriceText(fileWith({ input: -1, output: 1 }), PLACE))).toContain('got "-1"');
    expect(parsePriceText(fileWith({ input: 2000, output: 1 }), PLACE).warnings).toHaveLength(1);
    expect(parsePriceText(fileWith({ input: 2, output: 1 }), PLACE).warnings).toEqual([]);
  });
});

describe('data/prices.json', () => {
  const file = readPriceFile(builtIn, 'prices.json');

  test('fits its schema', () => {
    const validate = new Ajv().compile(schema);
    validate(builtIn);
    expect(validate.errors).toBeNull();
  });

  test('holds no price that needs a warning', () => {
    expect(checkPriceFile(file, 'prices.json')).toEqual([]);
  });

  test.each([
    ['gpt-4.1', 2, 8],
    ['claude-sonnet-4.5', 3, 15],
    ['deepseek-v3.2', 0.1, 0.42],
    ['gemini-2.5-flash', 0.15, 2.5],
  ])('%s costs %d / %d by default and at holysheep', (model, input, output) => {
    expect(file.models.get(model)).toMatchObject({ input, output });
    expect(file.providers.get('holysheep')?.get(model)).toMatchObject({ input, output });
  });

  test('guesses nothing: the default table holds four models that write, and two that embed', () => {
    const writes = file.models.names.filter((name) => file.models.get(name)?.output !== null);
    expect([writes.length, file.models.names.length]).toEqual([4, 6]);
  });

  test('every price says where it is from, and when', () => {
    for (const table of [file.models, ...file.providers.values()]) {
      for (const name of table.names) {
        const price = table.get(name);
        expect(price?.source).not.toBe('price file');
        expect(price?.date).toMatch(/^\d{4}-\d\d-\d\d$/);
      }
    }
  });
});
