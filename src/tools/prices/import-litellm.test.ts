import { describe, expect, test } from 'vitest';
import { checkPriceFile, readPriceFile } from '../../lib/money/price-file.ts';
import { importProvider } from './import-litellm.ts';
import { describeImport, updatePrices } from './update-prices.ts';

const CHAT = {
  litellm_provider: 'acme',
  mode: 'chat',
  input_cost_per_token: 2e-6,
  output_cost_per_token: 8e-6,
};
const TODAY = '2026-06-01';

describe('importProvider', () => {
  test('takes the prices of text, cached and tiered, and no others', () => {
    const full = {
      ...CHAT,
      cache_read_input_token_cost: 5e-7,
      cache_creation_input_token_cost: 2.5e-6,
      input_cost_per_token_batches: 1e-6,
      input_cost_per_token_above_200k_tokens: 4e-6,
      output_cost_per_token_above_200k_tokens: 1.2e-5,
      cache_read_input_token_cost_above_200k_tokens: 1e-6,
      input_cost_per_token_above_200k_tokens_priority: 9e-6,
      input_cost_per_token_above_32k_tokens: 3e-6,
    };
    expect(importProvider({ 'acme/big': full }, 'acme', TODAY).models).toEqual({
      big: {
        input: 2,
        cachedInput: 0.5,
        cacheWrite: 2.5,
        output: 8,
        tiers: [
          { aboveInputTokens: 32_000, input: 3, output: 8 },
          { aboveInputTokens: 200_000, input: 4, cachedInput: 1, output: 12 },
        ],
      },
    });
  });

  test('takes tiers of a provider whose answers name them, as a factor where they are one', () => {
    const entry = {
      ...CHAT,
      litellm_provider: 'openai',
      cache_read_input_token_cost: 5e-7,
      input_cost_per_token_flex: 1e-6,
      output_cost_per_token_flex: 4e-6,
      cache_read_input_token_cost_flex: 2.5e-7,
      input_cost_per_token_priority: 3e-6,
      output_cost_per_token_priority: 1e-5,
      input_cost_per_token_batches: 1e-6,
    };
    expect(importProvider({ m: entry }, 'openai', TODAY).models['m']).toEqual({
      input: 2,
      cachedInput: 0.5,
      output: 8,
      serviceTiers: { flex: 0.5, priority: { input: 3, output: 10 } },
    });
    const other = importProvider({ m: { ...entry, litellm_provider: 'acme' } }, 'acme', TODAY);
    expect(other.models['m']).not.toHaveProperty('serviceTiers');
  });

  test('takes the price of a cache that lasts an hour where it is not twice the input', () => {
    const hour = (price: number) =>
      importProvider({ m: { ...CHAT, cache_creation_input_token_cost_above_1hr: price } }, 'acme', TODAY)
        .models['m'];
    expect(hour(4e-6)).toEqual({ input: 2, output: 8 });
    expect(hour(5e-6)).toEqual({ input: 2, output: 8, cacheWriteHour: 5 });
  });

  test.each(['embedding', 'rerank'])('takes the input alone of a model of mode %s', (mode) => {
    const file = {
      'acme/one': { litellm_provider: 'acme', mode, input_cost_per_token: 1e-7, output_cost_per_token: 0 },
      'acme/two': { litellm_provider: 'acme', mode, input_cost_per_token: 2e-8, input_cost_per_query: 0 },
      'acme/search-embed': { litellm_provider: 'acme', mode, input_cost_per_token: 3e-8 },
      'acme/free': { litellm_provider: 'acme', mode, input_cost_per_token: 0 },
      'acme/by-query': {
        litellm_provider: 'acme',
        mode,
        input_cost_per_query: 0.002,
        input_cost_per_token: 0,
      },
    };
    expect(importProvider(file, 'acme', TODAY)).toEqual({
      models: { one: { input: 0.1 }, two: { input: 0.02 }, 'search-embed': { input: 0.03 } },
      skipped: { 'free, or a blank': 1, 'paid by the query': 1 },
    });
  });

  test('a cache write at 0 is not billed apart', () => {
    const entry = { ...CHAT, cache_creation_input_token_cost: 0 };
    expect(importProvider({ m: entry }, 'acme', TODAY).models['m']).toEqual({ input: 2, output: 8 });
  });

  test.each<[string, string, unknown]>([
    ['of another provider', 'm', { ...CHAT, litellm_provider: 'other' }],
    ['of another mode', 'm', { ...CHAT, mode: 'image_generation' }],
    ['that is paid by the query', 'm', { ...CHAT, mode: 'rerank', input_cost_per_query: 0.002 }],
    ['past its deprecation date', 'm', { ...CHAT, deprecation_date: '2026-05-31' }],
    ['without a price', 'm', { litellm_provider: 'acme', mode: 'chat' }],
    ['with half a price', 'm', { litellm_provider: 'acme', mode: 'chat', input_cost_per_token: 1e-6 }],
    ['free', 'm', { ...CHAT, input_cost_per_token: 0, output_cost_per_token: 0 }],
    ['of sound', 'm-audio-preview', CHAT],
    ['fine-tuned', 'ft:m', CHAT],
    ['on trial', 'm-beta-0309', CHAT],
    ['that is no entry', 'm', null],
  ])('a model %s is left out', (_, name, entry) => {
    expect(importProvider({ [name]: entry }, 'acme', TODAY).models).toEqual({});
  });

  test('a model is current on its last day', () => {
    const entry = { ...CHAT, deprecation_date: TODAY };
    expect(Object.keys(importProvider({ m: entry }, 'acme', TODAY).models)).toEqual(['m']);
  });

  test('a dated name stays only where it costs something else', () => {
    const dearer = { ...CHAT, input_cost_per_token: 5e-6 };
    const file = { 'm-2025-01-31': CHAT, m: CHAT, 'm-2024-05-13': dearer, 'n-20250101': CHAT };
    const { models, skipped } = importProvider(file, 'acme', TODAY);
    expect(Object.keys(models)).toEqual(['m', 'm-2024-05-13', 'n-20250101']);
    expect(skipped).toEqual({ 'dated, at the price of its undated name': 1 });
  });
});

describe('updatePrices', () => {
  const current = {
    unit: 'per_1m',
    source: 'hand',
    date: '2026-01-01',
    models: { 'gpt-4.1': { input: 2, output: 8 } },
    providers: {
      holysheep: { models: { 'gpt-4.1': { input: 2, output: 8 } } },
      openai: { models: { gone: { input: 1, output: 1 } } },
    },
  };
  const litellm = { 'gpt-9': { ...CHAT, litellm_provider: 'openai' } };

  test('replaces the tables of the imported providers and keeps the rest', () => {
    const { text, warnings } = updatePrices(current, litellm, { release: '1.2.3', date: TODAY });
    const file = readPriceFile(JSON.parse(text), 'prices.json');
    expect(file.models.names).toEqual(['gpt-4.1']);
    expect(file.providers.get('holysheep')?.names).toEqual(['gpt-4.1']);
    expect(file.providers.get('openai')?.names).toEqual(['gpt-9']);
    expect(file.providers.get('openai')?.get('gpt-9')).toMatchObject({ input: 2, date: TODAY });
    expect(JSON.parse(text).providers.openai).toMatchObject({ license: 'MIT', hosts: ['api.openai.com'] });
    expect(warnings).toEqual([]);
    expect(checkPriceFile(file, 'prices.json')).toEqual([]);
  });

  test('writes the same text again, one model a line', () => {
    const origin = { release: '1.2.3', date: TODAY };
    const { text } = updatePrices(current, litellm, origin);
    expect(updatePrices(JSON.parse(text), litellm, origin).text).toBe(text);
    expect(text).toContain('\n    "gpt-9": { "input": 2, "output": 8 }\n');
  });

  test('says what it took and what it left out', () => {
    const { imported } = updatePrices(
      current,
      { ...litellm, e: { litellm_provider: 'openai' } },
      {
        release: '1',
        date: TODAY,
      },
    );
    expect(describeImport(imported)[0]).toBe('openai: 1 models; left out: 1 not chat, embedding or rerank');
  });
});
