import { describe, expect, test } from 'vitest';
import { isSameModel, priceNames } from './price-names.ts';

describe('priceNames', () => {
  test.each([
    ['gpt-4.1', ['gpt-4.1']],
    ['openai/gpt-4.1', ['openai/gpt-4.1', 'gpt-4.1']],
    ['gpt-4.1-2025-04-14', ['gpt-4.1-2025-04-14', 'gpt-4.1']],
    ['claude-sonnet-4-5-20250929', ['claude-sonnet-4-5-20250929', 'claude-sonnet-4-5']],
    ['claude-opus-4@20250514', ['claude-opus-4@20250514', 'claude-opus-4']],
    [
      'openai/gpt-4.1-2025-04-14',
      ['openai/gpt-4.1-2025-04-14', 'gpt-4.1-2025-04-14', 'openai/gpt-4.1', 'gpt-4.1'],
    ],
    ['a/b/c', ['a/b/c', 'b/c']],
    ['m-2024-02-29', ['m-2024-02-29', 'm']],
    ['m-2000-01-01', ['m-2000-01-01', 'm']],
    ['m-2099-12-31', ['m-2099-12-31', 'm']],
  ])('%s', (model, expected) => {
    expect(priceNames(model)).toEqual(expected);
  });

  test.each([
    'gpt-4.1-mini',
    'gpt-4-0613',
    'mistral-large-2512',
    'm-2025-02-29',
    'm-2025-04-31',
    'm-2024-04-31',
    'm-2100-01-01',
    'm-2025-13-01',
    'm-2025-00-10',
    'm-2025-01-00',
    'm-1999-01-01',
    'm-2025-0414',
    'm@2025-04-14',
    'm-120250414',
    'm-2025-04-14-preview',
    '-2025-04-14',
    '2025-04-14',
    '/gpt-4.1',
    'gpt-4.1/',
    'deepseek-r1:free',
    'ft:gpt-4.1-2025-04-14:acme::x',
    '',
  ])('%j stands for itself only', (model) => {
    expect(priceNames(model)).toEqual([model]);
  });
});

describe('isSameModel', () => {
  test.each([
    ['gpt-4.1', 'gpt-4.1'],
    ['gpt-4.1', 'openai/GPT-4-1'],
    ['gpt_4.1', 'gpt-4-1'],
    ['gpt-4.1-2025-04-14', 'gpt-4.1'],
    ['azure/eu/gpt-4.1', 'gpt-4.1:free'],
    ['mistral-small-latest', 'mistral-small'],
    ['', ''],
  ])('%s is %s', (one, other) => {
    expect([isSameModel(one, other), isSameModel(other, one)]).toEqual([true, true]);
  });

  test.each([
    ['gpt-4.1', 'gpt-4.1-mini'],
    ['mistral-latest-small', 'mistral-small'],
    ['mistral-latest-small', 'mistral'],
    ['gpt-4.1', 'gpt-41'],
    ['a', ''],
  ])('%s is not %j', (one, other) => {
    expect([isSameModel(one, other), isSameModel(other, one)]).toEqual([false, false]);
  });
});
