import type { ExpectedAnswer } from '../expected-answer.ts';

/** What llama.cpp's server sent (recorded 2026-10), and Anthropic's own form (API reference, 2026-11). */
export const EXPECTED: readonly ExpectedAnswer[] = [
  {
    title: 'llama.cpp, streamed',
    body: String.raw`event: message_start
data: {"type":"message_start","message":{"id":"chatcmpl-FE5deIou30N1CZ1D2ImmMNyBXIQzkYju","type":"message","role":"assistant","content":[],"model":"tiny-random","stop_reason":null,"stop_sequence":null,"usage":{"cache_read_input_tokens":4,"input_tokens":21,"output_tokens":0}}}

event: content_block_start
data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}

event: content_block_delta
data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"lock"}}

event: content_block_delta
data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"local"}}

event: content_block_delta
data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":" fe"}}

event: content_block_delta
data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"fill"}}

event: content_block_delta
data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"pro"}}

event: content_block_delta
data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"em"}}

event: content_block_stop
data: {"type":"content_block_stop","index":0}

event: message_delta
data: {"type":"message_delta","delta":{"stop_reason":"max_tokens","stop_sequence":null},"usage":{"output_tokens":6}}

event: message_stop
data: {"type":"message_stop"}

`,
    stream: true,
    items: null,
    outcome: 'ok',
    usage: { inputTokens: 25, outputTokens: 6 },
    model: 'tiny-random',
    text: 'locklocal fefillproem',
  },
  {
    title: 'Anthropic, blocking: what the cache holds is counted apart',
    body: String.raw`{"id":"msg_1","type":"message","role":"assistant","model":"claude-sonnet-4-5-20250929","content":[{"type":"text","text":"A wren."}],"stop_reason":"end_turn","stop_sequence":null,"usage":{"input_tokens":10,"cache_creation_input_tokens":0,"cache_read_input_tokens":90,"output_tokens":6}}`,
    stream: false,
    items: null,
    outcome: 'ok',
    usage: { inputTokens: 100, outputTokens: 6 },
    model: 'claude-sonnet-4-5-20250929',
    text: 'A wren.',
  },
  {
    title: 'Anthropic, thinking before a call',
    body: String.raw`{"id":"msg_1","type":"message","role":"assistant","model":"c","content":[{"type":"thinking","thinking":"Hm.","signature":"s"},{"type":"redacted_thinking","data":"x"},{"type":"text","text":"A."},{"type":"tool_use","id":"toolu_1","name":"w","input":{"a":1}}],"stop_reason":"tool_use","usage":{"input_tokens":10,"output_tokens":20}}`,
    stream: false,
    items: null,
    outcome: 'ok',
    usage: { inputTokens: 10, outputTokens: 20 },
    model: 'c',
    text: 'A.',
  },
  {
    title: 'Anthropic, a search of its own, and citations',
    body: String.raw`{"id":"msg_1","type":"message","role":"assistant","model":"c","content":[{"type":"server_tool_use","id":"srvtoolu_1","name":"web_search","input":{"query":"wren"}},{"type":"web_search_tool_result","tool_use_id":"srvtoolu_1","content":[{"type":"web_search_result","url":"https://example.org","title":"Wrens","encrypted_content":"e"}]},{"type":"text","text":"A","citations":[{"type":"web_search_result_location","cited_text":"not ours","url":"https://example.org"}]},{"type":"text","text":" wren."}],"stop_reason":"end_turn","usage":{"input_tokens":10,"output_tokens":20,"server_tool_use":{"web_search_requests":1}}}`,
    stream: false,
    items: null,
    outcome: 'ok',
    usage: { inputTokens: 10, outputTokens: 20 },
    model: 'c',
    text: 'A wren.',
  },
  {
    title: 'Anthropic, refused',
    body: String.raw`{"id":"msg_1","type":"message","role":"assistant","model":"c","content":[],"stop_reason":"refusal","usage":{"input_tokens":10,"output_tokens":2}}`,
    stream: false,
    items: null,
    outcome: 'content_filter',
    usage: { inputTokens: 10, outputTokens: 2 },
    model: 'c',
    text: '',
  },
];
