import type { ExpectedAnswer } from '../expected-answer.ts';

/** What llama.cpp's server sent (recorded 2026-10), and OpenAI's own form (API reference, 2026-11). */
export const EXPECTED: readonly ExpectedAnswer[] = [
  {
    title: 'llama.cpp, streamed',
    body: String.raw`event: response.created
data: {"type":"response.created","response":{"id":"resp_1n0qbKw3IbrcL3BeTYeen3fEThdqLiKT","object":"response","status":"in_progress"}}

event: response.in_progress
data: {"type":"response.in_progress","response":{"id":"resp_1n0qbKw3IbrcL3BeTYeen3fEThdqLiKT","object":"response","status":"in_progress"}}

event: response.output_item.added
data: {"type":"response.output_item.added","item":{"content":[],"id":"msg_z9r66RzIhvEKDVkdlRPjrFoNhFkk9ZUC","role":"assistant","status":"in_progress","type":"message"}}

event: response.content_part.added
data: {"type":"response.content_part.added","item_id":"msg_z9r66RzIhvEKDVkdlRPjrFoNhFkk9ZUC","part":{"type":"output_text","text":""}}

event: response.output_text.delta
data: {"type":"response.output_text.delta","item_id":"msg_z9r66RzIhvEKDVkdlRPjrFoNhFkk9ZUC","delta":"velo"}

event: response.output_text.delta
data: {"type":"response.output_text.delta","item_id":"msg_z9r66RzIhvEKDVkdlRPjrFoNhFkk9ZUC","delta":"ar"}

event: response.output_text.delta
data: {"type":"response.output_text.delta","item_id":"msg_z9r66RzIhvEKDVkdlRPjrFoNhFkk9ZUC","delta":"ss"}

event: response.output_text.delta
data: {"type":"response.output_text.delta","item_id":"msg_z9r66RzIhvEKDVkdlRPjrFoNhFkk9ZUC","delta":"VE"}

event: response.output_text.delta
data: {"type":"response.output_text.delta","item_id":"msg_z9r66RzIhvEKDVkdlRPjrFoNhFkk9ZUC","delta":"pert"}

event: response.output_text.delta
data: {"type":"response.output_text.delta","item_id":"msg_z9r66RzIhvEKDVkdlRPjrFoNhFkk9ZUC","delta":"ID"}

event: response.output_text.done
data: {"type":"response.output_text.done","item_id":"msg_z9r66RzIhvEKDVkdlRPjrFoNhFkk9ZUC","text":"veloarssVEpertID"}

event: response.content_part.done
data: {"type":"response.content_part.done","item_id":"msg_z9r66RzIhvEKDVkdlRPjrFoNhFkk9ZUC","part":{"type":"output_text","annotations":[],"logprobs":[],"text":"veloarssVEpertID"}}

event: response.output_item.done
data: {"type":"response.output_item.done","item":{"type":"message","status":"completed","id":"msg_z9r66RzIhvEKDVkdlRPjrFoNhFkk9ZUC","content":[{"type":"output_text","annotations":[],"logprobs":[],"text":"veloarssVEpertID"}],"role":"assistant"}}

event: response.completed
data: {"type":"response.completed","response":{"id":"resp_1n0qbKw3IbrcL3BeTYeen3fEThdqLiKT","object":"response","created_at":1795572481,"status":"completed","model":"tiny-random","output":[{"type":"message","status":"completed","id":"msg_z9r66RzIhvEKDVkdlRPjrFoNhFkk9ZUC","content":[{"type":"output_text","annotations":[],"logprobs":[],"text":"veloarssVEpertID"}],"role":"assistant"}],"usage":{"input_tokens":17,"output_tokens":6,"total_tokens":23,"input_tokens_details":{"cached_tokens":0}}},"timings":{"cache_n":0,"prompt_n":17,"prompt_ms":0.619,"prompt_per_token_ms":0.03641176470588235,"prompt_per_second":27463.651050080778,"predicted_n":6,"predicted_ms":0.962,"predicted_per_token_ms":0.1924,"predicted_per_second":5197.505197505197}}

`,
    stream: true,
    items: null,
    outcome: 'ok',
    usage: { inputTokens: 17, outputTokens: 6 },
    model: 'tiny-random',
    text: 'veloarssVEpertID',
  },
  {
    title: 'OpenAI, blocking, cut by its limit',
    body: String.raw`{"id":"resp_1","object":"response","status":"incomplete","incomplete_details":{"reason":"max_output_tokens"},"error":null,"model":"gpt-4.1-2025-04-14","output":[{"type":"message","id":"msg_1","status":"incomplete","role":"assistant","content":[{"type":"output_text","text":"Once upon","annotations":[]}]}],"usage":{"input_tokens":12,"input_tokens_details":{"cached_tokens":4},"output_tokens":16,"output_tokens_details":{"reasoning_tokens":0},"total_tokens":28}}`,
    stream: false,
    items: null,
    outcome: 'ok',
    usage: { inputTokens: 12, outputTokens: 16 },
    model: 'gpt-4.1-2025-04-14',
    text: 'Once upon',
  },
  {
    title: 'OpenAI, reasoning first, a search, and citations',
    body: String.raw`{"id":"resp_1","object":"response","status":"completed","model":"o","output":[{"type":"reasoning","id":"rs_1","summary":[{"type":"summary_text","text":"Hm."}]},{"type":"web_search_call","id":"ws_1","status":"completed","action":{"type":"search","query":"wren"}},{"type":"message","id":"msg_1","role":"assistant","status":"completed","content":[{"type":"output_text","text":"A wren.","annotations":[{"type":"url_citation","url":"https://example.org"}]}]}],"usage":{"input_tokens":12,"output_tokens":16,"output_tokens_details":{"reasoning_tokens":9},"total_tokens":28}}`,
    stream: false,
    items: null,
    outcome: 'ok',
    usage: { inputTokens: 12, outputTokens: 16 },
    model: 'o',
    text: 'A wren.',
  },
  {
    title: 'OpenAI, a call alone',
    body: String.raw`{"id":"resp_1","object":"response","status":"completed","model":"o","output":[{"type":"reasoning","id":"rs_1","summary":[]},{"type":"function_call","call_id":"c","name":"w","arguments":"{}"}],"usage":{"input_tokens":12,"output_tokens":16,"total_tokens":28}}`,
    stream: false,
    items: null,
    outcome: 'ok',
    usage: { inputTokens: 12, outputTokens: 16 },
    model: 'o',
    text: '',
  },
  {
    title: 'OpenAI, failed',
    body: String.raw`{"id":"resp_1","object":"response","status":"failed","error":{"code":"server_error","message":"The model failed."},"model":"o","output":[],"usage":null}`,
    stream: false,
    items: null,
    outcome: 'server',
    usage: { inputTokens: null, outputTokens: null },
    model: 'o',
    text: '',
  },
  {
    title: 'a relay that does not say what it is',
    body: String.raw`{"id":"r","created_at":1,"model":"m","status":"completed","output":[{"type":"message","role":"assistant","content":[{"type":"output_text","text":"Hi"}]}],"usage":{"input_tokens":1,"output_tokens":1,"total_tokens":2}}`,
    stream: false,
    items: null,
    outcome: 'ok',
    usage: { inputTokens: 1, outputTokens: 1 },
    model: 'm',
    text: 'Hi',
  },
];
