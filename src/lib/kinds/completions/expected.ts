import type { ExpectedAnswer } from '../expected-answer.ts';

/** What llama.cpp's server sent (recorded 2026-10), and OpenAI's own form (API reference, 2026-11). */
export const EXPECTED: readonly ExpectedAnswer[] = [
  {
    title: 'llama.cpp, streamed: usage on the chunk that finishes',
    body: String.raw`data: {"choices":[{"text":" Generic","index":0,"logprobs":null,"finish_reason":null}],"created":1795572481,"model":"tiny-random","system_fingerprint":"b1-0c1e570","object":"text_completion","id":"chatcmpl-ijuStJkgqkxfPqbEOxtYkqzm8kR8WoU2"}

data: {"choices":[{"text":"ific","index":0,"logprobs":null,"finish_reason":null}],"created":1795572481,"model":"tiny-random","system_fingerprint":"b1-0c1e570","object":"text_completion","id":"chatcmpl-ijuStJkgqkxfPqbEOxtYkqzm8kR8WoU2"}

data: {"choices":[{"text":" Ex","index":0,"logprobs":null,"finish_reason":null}],"created":1795572481,"model":"tiny-random","system_fingerprint":"b1-0c1e570","object":"text_completion","id":"chatcmpl-ijuStJkgqkxfPqbEOxtYkqzm8kR8WoU2"}

data: {"choices":[{"text":"5","index":0,"logprobs":null,"finish_reason":null}],"created":1795572481,"model":"tiny-random","system_fingerprint":"b1-0c1e570","object":"text_completion","id":"chatcmpl-ijuStJkgqkxfPqbEOxtYkqzm8kR8WoU2"}

data: {"choices":[{"text":"DeepSeek","index":0,"logprobs":null,"finish_reason":null}],"created":1795572481,"model":"tiny-random","system_fingerprint":"b1-0c1e570","object":"text_completion","id":"chatcmpl-ijuStJkgqkxfPqbEOxtYkqzm8kR8WoU2"}

data: {"choices":[{"text":"enc","index":0,"logprobs":null,"finish_reason":null}],"created":1795572481,"model":"tiny-random","system_fingerprint":"b1-0c1e570","object":"text_completion","id":"chatcmpl-ijuStJkgqkxfPqbEOxtYkqzm8kR8WoU2"}

data: {"choices":[{"text":"","index":0,"logprobs":null,"finish_reason":"length"}],"created":1795572481,"model":"tiny-random","system_fingerprint":"b1-0c1e570","object":"text_completion","usage":{"completion_tokens":6,"prompt_tokens":8,"total_tokens":14,"prompt_tokens_details":{"cached_tokens":1}},"id":"chatcmpl-ijuStJkgqkxfPqbEOxtYkqzm8kR8WoU2","timings":{"cache_n":1,"prompt_n":7,"prompt_ms":0.418,"prompt_per_token_ms":0.05971428571428571,"prompt_per_second":16746.41148325359,"predicted_n":6,"predicted_ms":0.863,"predicted_per_token_ms":0.1726,"predicted_per_second":5793.742757821552}}

data: [DONE]

`,
    stream: true,
    items: null,
    outcome: 'ok',
    usage: { inputTokens: 8, outputTokens: 6 },
    model: 'tiny-random',
    text: ' Genericific Ex5DeepSeekenc',
  },
  {
    title: 'OpenAI, blocking',
    body: String.raw`{"id":"cmpl-1","object":"text_completion","created":1,"model":"gpt-3.5-turbo-instruct","choices":[{"text":" Hello","index":0,"logprobs":null,"finish_reason":"length"}],"usage":{"prompt_tokens":5,"completion_tokens":1,"total_tokens":6}}`,
    stream: false,
    items: null,
    outcome: 'ok',
    usage: { inputTokens: 5, outputTokens: 1 },
    model: 'gpt-3.5-turbo-instruct',
    text: ' Hello',
  },
  {
    title: 'OpenAI, the prompt echoed and probabilities',
    body: String.raw`{"id":"cmpl-1","object":"text_completion","created":1,"model":"m","choices":[{"text":"Hi there","index":0,"logprobs":{"tokens":["Hi"," there"],"token_logprobs":[null,-1.2],"top_logprobs":null,"text_offset":[0,2]},"finish_reason":"length"}],"usage":{"prompt_tokens":1,"completion_tokens":1,"total_tokens":2}}`,
    stream: false,
    items: null,
    outcome: 'ok',
    usage: { inputTokens: 1, outputTokens: 1 },
    model: 'm',
    text: 'Hi there',
  },
  {
    title: 'llama.cpp, on a route of its own: no choices',
    body: String.raw`{"index":0,"content":"Hello","tokens":[],"stop":true,"model":"m","tokens_predicted":2,"tokens_evaluated":4,"stop_type":"limit"}`,
    stream: false,
    items: null,
    outcome: 'invalid',
    usage: { inputTokens: null, outputTokens: null },
    model: 'm',
    text: '',
  },
  {
    title: 'vLLM, two choices',
    body: String.raw`{"id":"cmpl-1","object":"text_completion","created":1,"model":"m","choices":[{"index":0,"text":"A","logprobs":null,"finish_reason":"length","stop_reason":null,"prompt_logprobs":null},{"index":1,"text":"B","logprobs":null,"finish_reason":"length","stop_reason":null,"prompt_logprobs":null}],"usage":{"prompt_tokens":2,"total_tokens":6,"completion_tokens":4,"prompt_tokens_details":null}}`,
    stream: false,
    items: null,
    outcome: 'ok',
    usage: { inputTokens: 2, outputTokens: 4 },
    model: 'm',
    text: 'A',
  },
];
