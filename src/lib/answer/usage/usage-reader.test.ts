import { describe, expect, test } from 'vitest';
import type { Usage } from '../attempt.ts';
import { type UsageContext, UsageReader, type UsageReading } from './usage-reader.ts';

const TEXT: UsageContext = {
  hasOutput: true,
  hasReasoning: false,
  hasWholeReasoning: false,
  hasHiddenReasoning: false,
  choices: 1,
  isStream: false,
};

type Counts = [input: number | null, cached: number | null, written: number | null, output: number | null];

function counts({ inputTokens, cachedInputTokens, cacheWriteInputTokens, outputTokens }: Usage): Counts {
  return [inputTokens, cachedInputTokens, cacheWriteInputTokens, outputTokens];
}

/** Of an answer that holds one `usage`. */
function readUsage(raw: unknown, context: UsageContext): UsageReading {
  const reader = new UsageReader();
  reader.add(raw);
  return reader.settle(context);
}

describe('one usage object', () => {
  test.each<[string, unknown, Counts]>([
    ['OpenAI', { prompt_tokens: 7, completion_tokens: 4, total_tokens: 11 }, [7, 0, 0, 4]],
    ['null details', { prompt_tokens: 7, completion_tokens: 4, prompt_tokens_details: null }, [7, 0, 0, 4]],
    [
      'cached tokens are a part of the prompt',
      { prompt_tokens: 10_000, completion_tokens: 1500, prompt_tokens_details: { cached_tokens: 8000 } },
      [10_000, 8000, 0, 1500],
    ],
    [
      'more cached than there are',
      { prompt_tokens: 100, completion_tokens: 1, prompt_tokens_details: { cached_tokens: 150 } },
      [100, 100, 0, 1],
    ],
    [
      'DeepSeek',
      { prompt_tokens: 9, completion_tokens: 1, prompt_cache_hit_tokens: 5, prompt_cache_miss_tokens: 4 },
      [9, 5, 0, 1],
    ],
    ['Moonshot', { prompt_tokens: 9, completion_tokens: 1, cached_tokens: 6 }, [9, 6, 0, 1]],
    [
      'Anthropic counts the cache apart',
      { input_tokens: 12, cache_read_input_tokens: 4000, cache_creation_input_tokens: 30, output_tokens: 90 },
      [4042, 4000, 30, 90],
    ],
    [
      'an OpenAI-like relay of Anthropic does not',
      {
        prompt_tokens: 4042,
        completion_tokens: 90,
        cache_read_input_tokens: 4000,
        cache_creation_input_tokens: 30,
      },
      [4042, 4000, 30, 90],
    ],
    [
      'the Responses API',
      { input_tokens: 17, output_tokens: 6, total_tokens: 23, input_tokens_details: { cached_tokens: 3 } },
      [17, 3, 0, 6],
    ],
    ['digits as text', { prompt_tokens: '7', completion_tokens: '4' }, [7, 0, 0, 4]],
    ['only one of the two', { completion_tokens: 4 }, [null, null, null, 4]],
    ['null fields', { prompt_tokens: null, completion_tokens: null }, [null, null, null, null]],
    ['a negative count', { prompt_tokens: -7, completion_tokens: 4 }, [null, null, null, 4]],
    ['a fraction', { prompt_tokens: 7.5, completion_tokens: 4 }, [null, null, null, 4]],
    ['other text', { prompt_tokens: '7 tokens', completion_tokens: '-4' }, [null, null, null, null]],
    ['no count at all', { prompt_tokens: true, completion_tokens: [4] }, [null, null, null, null]],
    ['null', null, [null, null, null, null]],
    ['a list', [1, 2], [null, null, null, null]],
    ['text', 'none', [null, null, null, null]],
    [
      'all zero with text: not counted at all',
      { prompt_tokens: 0, completion_tokens: 0 },
      [null, null, null, null],
    ],
    ['zero output with text', { prompt_tokens: 7, completion_tokens: 0 }, [7, 0, 0, null]],
  ])('%s', (_, raw, expected) => {
    expect(counts(readUsage(raw, TEXT).usage)).toEqual(expected);
  });

  test('zero output without text is a count', () => {
    const { usage, warnings } = readUsage(
      { prompt_tokens: 7, completion_tokens: 0 },
      { ...TEXT, hasOutput: false },
    );
    expect(counts(usage)).toEqual([7, 0, 0, 0]);
    expect(warnings).toEqual([]);
  });

  test.each([
    ['told', { completion_tokens: 12, completion_tokens_details: { reasoning_tokens: 9 } }, false, 9],
    ['not told, and none seen', { completion_tokens: 12 }, false, 0],
    ['not told, but seen', { completion_tokens: 12 }, true, null],
    [
      'more than there are',
      { completion_tokens: 12, completion_tokens_details: { reasoning_tokens: 90 } },
      true,
      12,
    ],
    ['of unknown output', { prompt_tokens: 1 }, false, null],
  ])('reasoning %s', (_, raw, hasReasoning, expected) => {
    expect(readUsage(raw, { ...TEXT, hasReasoning }).usage.reasoningTokens).toBe(expected);
  });

  test('reasoning is inside the output, unless the total says that it is not', () => {
    const details = { completion_tokens_details: { reasoning_tokens: 9 } };
    const inside = { prompt_tokens: 11, completion_tokens: 12, total_tokens: 23, ...details };
    const beside = { prompt_tokens: 11, completion_tokens: 3, total_tokens: 23, ...details };
    expect(readUsage(inside, TEXT).usage.outputTokens).toBe(12);
    expect(readUsage(beside, TEXT).usage.outputTokens).toBe(12);
  });

  test.each([
    [0.0042, 0.0042],
    ['0.0042', 0.0042],
    [0, 0],
    [-1, null],
    ['free', null],
    [null, null],
  ])("the relay's own cost %j", (cost, expected) => {
    expect(readUsage({ cost }, TEXT).reportedCostUsd).toBe(expected);
  });
});

describe('usage that comes again in a stream', () => {
  test.each<[string, unknown[], Counts]>([
    ['Anthropic', [{ input_tokens: 30, output_tokens: 1 }, { output_tokens: 18 }], [30, 0, 0, 18]],
    [
      'Anthropic, everything twice',
      [
        { input_tokens: 12, cache_read_input_tokens: 4000, cache_creation_input_tokens: 0, output_tokens: 2 },
        {
          input_tokens: 12,
          cache_read_input_tokens: 4000,
          cache_creation_input_tokens: 0,
          output_tokens: 90,
        },
      ],
      [4012, 4000, 0, 90],
    ],
    [
      'two deltas',
      [{ input_tokens: 5, output_tokens: 1 }, { output_tokens: 20 }, { output_tokens: 31 }],
      [5, 0, 0, 31],
    ],
    [
      'the cache split off late',
      [
        { input_tokens: 900, output_tokens: 0 },
        { input_tokens: 20, cache_read_input_tokens: 880, output_tokens: 33 },
      ],
      [900, 880, 0, 33],
    ],
    [
      'running totals',
      [1, 2, 3, 3].map((completion_tokens) => ({ prompt_tokens: 50, completion_tokens })),
      [50, 0, 0, 3],
    ],
    ['a null after it', [{ prompt_tokens: 50, completion_tokens: 7 }, null], [50, 0, 0, 7]],
    [
      'null fields after it',
      [
        { prompt_tokens: 50, completion_tokens: 7 },
        { prompt_tokens: null, completion_tokens: 8 },
      ],
      [50, 0, 0, 8],
    ],
  ])('%s: the last value of each field is the total', (_, reports, expected) => {
    const reader = new UsageReader();
    for (const report of reports) reader.add(report);
    expect(counts(reader.settle(TEXT).usage)).toEqual(expected);
  });

  test.each([
    ['one count for each of two choices is a part', [6, 6], 2, 12],
    ['one count for both is the total', [12], 2, 12],
    ['a repeated count of one choice is a total', [6, 6], 1, 6],
    ['two counts for three choices are nobody knows what', [6, 6], 3, null],
  ])('%s', (_, outputs, choices, expected) => {
    const reader = new UsageReader();
    for (const completion_tokens of outputs) reader.add({ prompt_tokens: 25, completion_tokens }, true);
    const { usage, warnings } = reader.settle({ ...TEXT, choices, isStream: true });
    expect([usage.inputTokens, usage.outputTokens]).toEqual([25, expected]);
    expect(warnings).toHaveLength(outputs.length > 1 && choices > 1 ? 1 : 0);
  });
});

describe('a total that holds more than its parts', () => {
  const read = (raw: unknown, context: Partial<UsageContext> = {}) => {
    const { usage, warnings } = readUsage(raw, { ...TEXT, ...context });
    return [usage.inputTokens, usage.outputTokens, warnings.map(({ kind }) => kind)];
  };

  test.each<[string, unknown, unknown[]]>([
    [
      'is unknown output',
      { prompt_tokens: 20, completion_tokens: 151, total_tokens: 553 },
      [20, null, ['unexplained_total']],
    ],
    [
      'in the Responses form too',
      { input_tokens: 20, output_tokens: 151, total_tokens: 553 },
      [20, null, ['unexplained_total']],
    ],
    [
      'is certain when it is the reasoning told',
      {
        prompt_tokens: 20,
        completion_tokens: 151,
        total_tokens: 553,
        completion_tokens_details: { reasoning_tokens: 382 },
      },
      [20, 533, []],
    ],
    [
      'is certain when it is the cache told',
      {
        prompt_tokens: 20,
        completion_tokens: 5,
        total_tokens: 125,
        prompt_tokens_details: { cached_tokens: 100 },
      },
      [120, 5, []],
    ],
    ['that is right tells nothing', { prompt_tokens: 3, completion_tokens: 4, total_tokens: 7 }, [3, 4, []]],
    [
      'that is too small tells nothing',
      { prompt_tokens: 3, completion_tokens: 4, total_tokens: 1 },
      [3, 4, []],
    ],
  ])('%s', (_, raw, expected) => {
    expect(read(raw)).toEqual(expected);
  });
});

describe('several choices in a whole answer', () => {
  const two = { ...TEXT, choices: 2 };

  test('one count may be of one of them: unknown, never half', () => {
    const { usage, warnings } = readUsage({ prompt_tokens: 9, completion_tokens: 320 }, two);
    expect([usage.inputTokens, usage.outputTokens]).toEqual([9, null]);
    expect(warnings.map(({ kind }) => kind)).toEqual(['choices_untold']);
  });

  test('a server that is known to count all of them is believed', () => {
    const details = { reasoning_tokens: 0, accepted_prediction_tokens: 0 };
    const raw = { prompt_tokens: 9, completion_tokens: 640, completion_tokens_details: details };
    expect(readUsage(raw, two).usage.outputTokens).toBe(640);
  });
});

describe('a pace that nobody saw', () => {
  const usage = (reasoning_tokens: number) => ({
    prompt_tokens: 9,
    completion_tokens: 500,
    completion_tokens_details: { reasoning_tokens },
  });
  const pace = (raw: unknown, context: Partial<UsageContext>) =>
    readUsage(raw, { ...TEXT, isStream: true, ...context }).pace;

  test('reasoning that was counted and never streamed hides it', () => {
    expect(pace(usage(400), {})).toBe('hidden');
    expect(pace(usage(400), { hasReasoning: true })).toBe('hidden');
    expect(pace(usage(400), { hasReasoning: true, hasWholeReasoning: true })).toBe('seen');
    expect(pace(usage(0), {})).toBe('seen');
    expect(pace(usage(400), { isStream: false })).toBe('seen');
  });

  test('several choices that write side by side have none', () => {
    expect(pace(usage(0), { choices: 2 })).toBe('interleaved');
    expect(pace(usage(0), { choices: 2, isStream: false })).toBe('seen');
  });
});

describe('rates that an answer names for itself', () => {
  const names = (raw: unknown) => readUsage(raw, TEXT).rates.map(({ name, tokens }) => [name, tokens]);

  test.each<[string, Record<string, unknown>, unknown[]]>([
    ['none', { service_tier: 'standard', speed: 'standard', inference_geo: 'global' }, []],
    ['a tier', { service_tier: 'priority' }, [['priority', null]]],
    ['fast mode', { speed: 'fast' }, [['fast', null]]],
    ['a region', { inference_geo: 'us' }, [['us', null]]],
    [
      'a cache of an hour',
      { cache_creation: { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 30 } },
      [['cache_write_1h', 30]],
    ],
    ['sound', { prompt_tokens_details: { audio_tokens: 7 } }, [['audio_input', 7]]],
    ['sound spoken', { completion_tokens_details: { audio_tokens: 7 } }, [['audio_output', 7]]],
    [
      'a search',
      { server_tool_use: { web_search_requests: 1, web_fetch_requests: 3 } },
      [['web_search', null]],
    ],
    ['a search of Perplexity', { num_search_queries: 2 }, [['web_search', null]]],
    ['sources of xAI', { num_sources_used: 4 }, [['web_search', null]]],
    [
      'calls on xAI’s side',
      { server_side_tool_usage_details: { x_search_calls: 2, code_interpreter_calls: 0 } },
      [['x_search', null]],
    ],
    [
      'a cache of an hour, as LiteLLM has it',
      { prompt_tokens_details: { cache_creation_token_details: { ephemeral_1h_input_tokens: 30 } } },
      [['cache_write_1h', 30]],
    ],
  ])('%s', (_, raw, expected) => {
    expect(names({ prompt_tokens: 50, completion_tokens: 1, ...raw })).toEqual(expected);
  });
});

test.each([
  ['zeros', { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 }],
  ['nulls', { prompt_tokens: null, completion_tokens: null }],
  ['a zero of one field', { completion_tokens: 0 }],
])('a later usage of %s takes no count back', (_, later) => {
  const reader = new UsageReader();
  reader.add({ prompt_tokens: 17, completion_tokens: 4, total_tokens: 21 });
  reader.add(later, true);
  const { usage } = reader.settle(TEXT);
  expect([usage.inputTokens, usage.outputTokens]).toEqual([17, 4]);
});
