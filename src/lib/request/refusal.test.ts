import { describe, expect, test } from 'vitest';
import { type Blame, blameOf } from './refusal.ts';

/** Bodies as servers write them, and what each of them complains of. */
const REFUSALS: readonly [string, number, unknown, Blame][] = [
  [
    'LiteLLM, an unknown model',
    400,
    {
      error: {
        message:
          "{'error': '/chat/completions: Invalid model name passed in model=gpt-9. Call `/v1/models` to view available models for your key.'}",
        type: 'None',
        param: 'None',
        code: '400',
      },
    },
    { kind: 'model' },
  ],
  [
    'LiteLLM, a model without deployments',
    400,
    {
      error: {
        message: 'There are no healthy deployments for this model. Received Model Group=gpt-9',
        type: null,
        param: null,
        code: '400',
      },
    },
    { kind: 'model' },
  ],
  [
    'OpenAI, an unknown model',
    404,
    {
      error: {
        message: 'The model `gpt-9` does not exist or you do not have access to it.',
        type: 'invalid_request_error',
        param: null,
        code: 'model_not_found',
      },
    },
    { kind: 'model' },
  ],
  [
    'vLLM, an unknown model',
    404,
    { object: 'error', message: 'The model `gpt-9` does not exist.', type: 'NotFoundError', code: 404 },
    { kind: 'model' },
  ],
  ['Ollama, an unknown model', 404, { error: "model 'gpt-9' not found" }, { kind: 'model' }],
  [
    'Anthropic, an unknown model',
    404,
    { type: 'error', error: { type: 'not_found_error', message: 'model: gpt-9' } },
    { kind: 'model' },
  ],
  [
    'DeepSeek, an unknown model',
    400,
    { error: { message: 'Model Not Exist', type: 'invalid_request_error', param: null } },
    { kind: 'model' },
  ],
  [
    'OpenRouter, an unknown model',
    400,
    { error: { message: 'gpt-9 is not a valid model ID', code: 400 } },
    { kind: 'model' },
  ],
  [
    'a project without access to the model',
    403,
    {
      error: {
        message: 'Project `proj_x` does not have access to model `gpt-9`',
        type: 'invalid_request_error',
        code: 'model_not_found',
      },
    },
    { kind: 'model' },
  ],
  ['only a param tells it', 400, { error: { message: 'nope', param: 'model' } }, { kind: 'model' }],
  [
    'a code that nobody listed',
    400,
    { error: { message: 'nope', code: 'MODEL_NOT_DEPLOYED' } },
    { kind: 'model' },
  ],
  [
    'a place inside the message',
    422,
    {
      object: 'error',
      message: { detail: [{ type: 'extra_forbidden', loc: ['body', 'top_k'] }] },
      param: null,
    },
    { kind: 'field', field: 'top_k' },
  ],
  ['a place that tells it', 422, { detail: [{ loc: ['body', 'model'], msg: 'nope' }] }, { kind: 'model' }],
  [
    'llama.cpp, a prompt too long',
    400,
    {
      error: {
        code: 400,
        message: 'the request exceeds the available context size, try increasing it',
        type: 'exceed_context_size_error',
        n_prompt_tokens: 9000,
        n_ctx: 2048,
      },
    },
    { kind: 'context' },
  ],
  [
    'OpenAI, a prompt too long, blamed on messages',
    400,
    {
      error: {
        message:
          "This model's maximum context length is 8192 tokens. However, your messages resulted in 9001.",
        type: 'invalid_request_error',
        param: 'messages',
        code: 'context_length_exceeded',
      },
    },
    { kind: 'context' },
  ],
  [
    'Anthropic, a prompt too long',
    400,
    {
      type: 'error',
      error: { type: 'invalid_request_error', message: 'prompt is too long: 210000 tokens > 200000 maximum' },
    },
    { kind: 'context' },
  ],
  [
    'TGI, a prompt too long',
    422,
    {
      error: 'Input validation error: `inputs` must have less than 1024 tokens. Given: 2048',
      error_type: 'validation',
    },
    { kind: 'context' },
  ],
  ['a body too large', 413, 'Request Entity Too Large', { kind: 'context' }],
  [
    'a limit that the model does not take, its name told too',
    400,
    { error: { message: "Unsupported parameter: 'max_tokens' is not supported with this model." } },
    { kind: 'field', field: 'max_tokens' },
  ],
  [
    'a limit that is too high',
    400,
    {
      error: {
        message: 'max_tokens is too large: 99999. This model supports at most 16384 completion tokens.',
        param: 'max_tokens',
        code: 'invalid_value',
      },
    },
    { kind: 'field', field: 'max_tokens' },
  ],
  [
    'a field of the user’s own',
    400,
    { error: { message: 'Unrecognized request argument supplied: foo', param: 'reasoning.effort' } },
    { kind: 'field', field: 'reasoning.effort' },
  ],
  [
    'pydantic, a field',
    422,
    { detail: [{ type: 'extra_forbidden', loc: ['body', 'top_k'], msg: 'Extra inputs are not permitted' }] },
    { kind: 'field', field: 'top_k' },
  ],
  ['something else', 400, { error: { message: 'the moon is in the wrong house' } }, { kind: 'unknown' }],
  ['no words at all', 400, '', { kind: 'unknown' }],
];

describe('what a refused request is blamed on', () => {
  test.each(REFUSALS)('%s', (_name, status, body, expected) => {
    expect(blameOf(status, typeof body === 'string' ? body : JSON.stringify(body))).toEqual(expected);
  });
});
