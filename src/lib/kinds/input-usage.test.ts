import { expect, test } from 'vitest';
import { AnswerState } from '../answer/answer-state.ts';
import { addInputUsage } from './input-usage.ts';

test.each<[string, unknown, number | null]>([
  ['OpenAI', { usage: { prompt_tokens: 4, total_tokens: 9 } }, 4],
  ['input_tokens', { usage: { input_tokens: 4 } }, 4],
  ['a total alone (Voyage)', { usage: { total_tokens: 4 } }, 4],
  ['a total beside an empty count', { usage: { prompt_tokens: 0, total_tokens: 4 } }, 4],
  ['a total beside a text', { usage: { prompt_tokens: '7', total_tokens: 4 } }, 4],
  ['tokens (Cohere)', { meta: { tokens: { input_tokens: 4 }, billed_units: { input_tokens: 9 } } }, 4],
  ['what is billed (Cohere)', { meta: { billed_units: { input_tokens: 4 } } }, 4],
  ['a field of the body (DeepInfra)', { input_tokens: 4 }, 4],
  ['Ollama’s field', { prompt_eval_count: 4 }, 4],
  ['watsonx’s field', { input_token_count: 4 }, 4],
  ['Titan’s field', { inputTextTokenCount: 4 }, 4],
  ['SiliconFlow’s tokens', { tokens: { input_tokens: 4, output_tokens: 0 } }, 4],
  ['Google’s metadata', { usageMetadata: { promptTokenCount: 4 } }, 4],
  [
    'each item of a list (SGLang)',
    [{ meta_info: { prompt_tokens: 3 } }, { meta_info: { prompt_tokens: 1 } }],
    4,
  ],
  ['one item of a list alone', [{ meta_info: { prompt_tokens: 3 } }, { score: 1 }], null],
  ['no count', { usage: { prompt_tokens: 0 }, meta: null }, null],
])('the tokens of an input are told by %s', (_, body, inputTokens) => {
  const state = new AnswerState({ keepText: false, onOutput: () => {} });
  addInputUsage(body, state);
  const { usage } = state.readUsage(false, false);
  expect([usage.inputTokens, usage.outputTokens]).toEqual([inputTokens, inputTokens === null ? null : 0]);
});
