import type { ExpectedAnswer } from '../expected-answer.ts';

/** What llama.cpp's server sent (recorded 2026-10), and what a relay makes of an error. */
export const EXPECTED: readonly ExpectedAnswer[] = [
  {
    title: 'llama.cpp, blocking',
    body: String.raw`{"choices":[{"finish_reason":"length","index":0,"message":{"role":"assistant","content":"OPErideLASLAMAem auto P0ations}ity namlyPE anating test valuesDKamddocNATIVEailable Linux"}}],"created":1795572481,"model":"tiny-random","system_fingerprint":"b1-0c1e570","object":"chat.completion","usage":{"completion_tokens":24,"prompt_tokens":25,"total_tokens":49,"prompt_tokens_details":{"cached_tokens":24}},"id":"chatcmpl-weKhcV82yXNGOMEzQaIJlHfWHwVQgzKE","timings":{"cache_n":24,"prompt_n":1,"prompt_ms":0.35,"prompt_per_token_ms":0.35,"prompt_per_second":2857.1428571428573,"predicted_n":24,"predicted_ms":3.638,"predicted_per_token_ms":0.15817391304347825,"predicted_per_second":6322.155030236394}}`,
    stream: false,
    items: null,
    outcome: 'ok',
    usage: { inputTokens: 25, outputTokens: 24 },
    model: 'tiny-random',
    text: 'OPErideLASLAMAem auto P0ations}ity namlyPE anating test valuesDKamddocNATIVEailable Linux',
  },
  {
    title: 'an error under status 200',
    body: String.raw`{"error":{"message":"Rate limit reached","type":"rate_limit_error","code":429}}`,
    stream: false,
    items: null,
    outcome: 'rate_limited',
    usage: { inputTokens: null, outputTokens: null },
    model: null,
    text: null,
  },
];
