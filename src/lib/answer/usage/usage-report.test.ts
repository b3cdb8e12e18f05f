import { expect, test } from 'vitest';
import { ratesIn, tierRate } from './own-rates.ts';
import { EMPTY_REPORT, readUsageReport } from './usage-report.ts';

test.each([
  [
    { prompt_tokens: '12', completion_tokens: 0 },
    { promptTokens: 12, completionTokens: 0 },
  ],
  [{ prompt_tokens: '1e3', completion_tokens: '12x', total_tokens: 'x12' }, {}],
  [{ prompt_tokens: -1, completion_tokens: 1.5, total_tokens: true }, {}],
  [{ prompt_tokens_details: { cache_write_tokens: 5, cache_creation_tokens: 6 } }, { cacheWriteTokens: 5 }],
  [{ input_tokens_details: { cache_creation_tokens: 6 } }, { cacheWriteTokens: 6 }],
  [{ output_tokens_details: { reasoning_tokens: 7 } }, { reasoningTokens: 7 }],
  [{ reasoning_tokens: 8 }, { reasoningTokens: 8 }],
  [{ cost: '12.5e-3' }, { costUsd: 0.0125 }],
  [{ cost: '12' }, { costUsd: 12 }],
  [{ cost: '2E12' }, { costUsd: 2e12 }],
  [{ cost: '$12' }, {}],
  [{ cost: '12 USD' }, {}],
  [{ cost: true }, {}],
  [{ cost: Infinity }, {}],
])('a usage of %j', (raw, told) => {
  expect(readUsageReport(raw)).toEqual({ ...EMPTY_REPORT, ...told });
});

test.each([[null], ['12'], [[]]])('%j is no usage', (raw) => {
  expect(readUsageReport(raw)).toBeNull();
});

test.each([
  [{ input_tokens_details: { image_tokens: 3 } }, [{ name: 'image_input', tokens: 3 }]],
  [{ output_tokens_details: { video_tokens: 3 } }, [{ name: 'video_output', tokens: 3 }]],
  [{ prompt_tokens_details: { audio_tokens: 0, image_tokens: 1.5, video_tokens: '3' } }, []],
  [
    {
      server_tool_use: {
        web_search_requests: 2,
        code_runs: 1,
        web_requests_total: 1,
        none_requests: 0,
        odd: true,
      },
    },
    [
      { name: 'web_search', tokens: null },
      { name: 'code_runs', tokens: null },
      { name: 'web_requests_total', tokens: null },
    ],
  ],
])('rates in %j', (raw, rates) => {
  expect(ratesIn(raw)).toEqual(rates);
});

test('a tier has a short name in small letters, and the ordinary one none', () => {
  expect(tierRate('FLEX')).toEqual({ name: 'flex', tokens: null });
  expect(tierRate('x'.repeat(50))?.name).toHaveLength(40);
  expect([tierRate('Standard'), tierRate(''), tierRate(5)]).toEqual([null, null, null]);
});
