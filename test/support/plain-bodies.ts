import { readBlockingAnswer } from '../../src/lib/answer/blocking-answer.ts';
import type { PlainAnswer } from '../../src/lib/kinds/chat/plain-answer.ts';

/** An answer as servers give them nearly always. */
export const PLAIN_BODY = {
  id: 'c1',
  object: 'chat.completion',
  created: 1,
  model: 'demo-7b',
  choices: [{ index: 0, message: { role: 'assistant', content: 'Hi you' }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 9, completion_tokens: 3, total_tokens: 12 },
};

/** As OpenAI and vLLM write it, with fields that hold nothing. */
const OPENAI = {
  ...PLAIN_BODY,
  choices: [
    {
      index: 0,
      message: { role: 'assistant', content: 'Hi "you"\n\\ été 鳥 🐦', refusal: null, annotations: [] },
      logprobs: null,
      finish_reason: 'length',
    },
  ],
  usage: {
    ...PLAIN_BODY.usage,
    prompt_tokens_details: { cached_tokens: 4, audio_tokens: 0 },
    completion_tokens_details: { reasoning_tokens: 0, audio_tokens: 0, accepted_prediction_tokens: 0 },
  },
  service_tier: 'default',
  system_fingerprint: null,
};
const EMPTY_MESSAGE = {
  refusal: null,
  audio: null,
  function_call: null,
  tool_calls: [],
  reasoning_content: null,
};
const VLLM = {
  ...PLAIN_BODY,
  choices: [
    {
      index: 0,
      message: { role: 'assistant', content: 'Hi you', ...EMPTY_MESSAGE },
      finish_reason: 'stop',
      stop_reason: null,
      token_ids: null,
    },
  ],
  service_tier: null,
  usage: { ...PLAIN_BODY.usage, prompt_tokens_details: null },
  prompt_logprobs: null,
  kv_transfer_params: null,
};

/** Bodies that the quick reader must take. */
export const PLAIN_BODIES: readonly string[] = [
  JSON.stringify(PLAIN_BODY),
  JSON.stringify(OPENAI),
  JSON.stringify(OPENAI, null, 2),
  JSON.stringify(VLLM),
  JSON.stringify({ ...PLAIN_BODY, model: undefined }),
  JSON.stringify(Object.fromEntries(Object.entries(PLAIN_BODY).toReversed())),
  JSON.stringify(PLAIN_BODY).replace('"model"', '"mod\\u0065l"'),
  JSON.stringify(PLAIN_BODY).replace('Hi you', 'a\\ud83d\\udc26\\u0000b'),
];

/** Every way in which one field of an answer can be something else. */
const ODD = [
  undefined,
  null,
  0,
  1,
  -1,
  1.5,
  '',
  'x',
  '7',
  '700',
  [],
  {},
  [{}],
  [{}, {}],
  { error: 1 },
  { '0': { message: { content: 'other' } }, '#': 1 },
  { cached_tokens: 4 },
  { cached_tokens: 40 },
  { cached_tokens: 4, audio_tokens: 2 },
  { reasoning_tokens: 2 },
  { id: 'call', function: { name: 'f', arguments: '{}' } },
  9_007_199_254_740_992,
  true,
  'priority',
  'error',
  'response',
  'tool_calls',
];

const PATHS = `
  error choices model usage x_groq detail content output type object keys service_tier timings metrics id
  prompt_logprobs prompt_token_ids kv_transfer_params choices.0 choices.1 choices.0.message choices.0.finish_reason
  choices.0.error choices.0.text choices.0.index choices.0.logprobs choices.0.stop_reason choices.0.matched_stop
  choices.0.usage choices.0.delta choices.0.token_ids choices.0.native_finish_reason choices.0.message.role
  choices.0.message.content choices.0.message.reasoning choices.0.message.reasoning_content
  choices.0.message.refusal choices.0.message.tool_calls choices.0.message.function_call choices.0.message.audio
  choices.0.message.images choices.0.message.annotations choices.0.message.error choices.0.message.object
  usage.prompt_tokens usage.completion_tokens usage.total_tokens usage.cost usage.prompt_tokens_details
  usage.completion_tokens_details usage.queue_time usage.prompt_cache_hit_tokens usage.cache_read_input_tokens
  usage.input_tokens`
  .trim()
  .split(/\s+/);

const NO_ANSWERS = ['', 'null', '7', '"x"', '[]', '{', '<html>', '{"choices":[]}'];

/** Bodies that differ from a plain one in one field, and JSON that two parsers may not both take. */
export function oddBodies(): string[] {
  const plain = JSON.stringify(PLAIN_BODY);
  return [
    ...PATHS.flatMap((path) => ODD.map((value) => changed(path.split('.'), value))),
    ...NO_ANSWERS,
    `[${plain}]`,
    `${plain} x`,
    `${plain}${plain}`,
    ...['\\ud83d', '\\udc26\\ud83d', '\\ud83d\\ud83d', '\uFFFD', '\u0001', '\\x'].map((text) =>
      plain.replace('Hi', text),
    ),
    plain.replace('"demo-7b"', '"\\u001b[2Jevil"'),
    plain.replace(':9,', ':9e0,'),
    plain.replace(':9,', ':09,'),
  ];
}

/** Two fields of one name: JSON.parse takes the last of them, gjson the first. */
export function twinBodies(): string[] {
  const plain = JSON.stringify(PLAIN_BODY);
  return [
    plain.replace('"id"', '"error":null,"error":{"message":"no"},"id"'),
    plain.replace('"content"', '"content":"first","content"'),
    plain.replace('"content"', '"refusal":null,"refusal":"no","content"'),
    plain.replace('"prompt_tokens"', '"prompt_tokens":1,"prompt_tokens"'),
    plain.replace('"finish_reason"', '"finish_reason":"length","finish_reason"'),
  ];
}

function changed(path: readonly string[], value: unknown): string {
  const copy: Record<string, unknown> = structuredClone(PLAIN_BODY);
  let at = copy;
  for (const key of path.slice(0, -1)) at = at[key] as Record<string, unknown>;
  at[path.at(-1) ?? ''] = value;
  return JSON.stringify(copy);
}

/** What the reader of all answers says, of the fields of a plain answer. */
export function readInFull(bodyText: string): PlainAnswer {
  const { usage, answeredModel, finishReason, answer } = readBlockingAnswer({
    status: 200,
    headers: {},
    bodyText,
  });
  return { usage, answeredModel, finishReason: finishReason ?? '', text: answer };
}
