import { describe, expect, test } from 'vitest';
import { classifyRefusal } from '../answer/failure/classify-failure.ts';
import type { Attempt } from '../answer/attempt.ts';
import { NO_ADAPTATION } from './build-body.ts';
import { judgePreflight, refusedField } from './judge-preflight.ts';

/** A refusal as preflight sees it. */
function judged(status: number, body: unknown, ownFields: readonly string[] = []) {
  const bodyText = typeof body === 'string' ? body : JSON.stringify(body);
  const outcome = classifyRefusal({ status, headers: {}, bodyText });
  return judgePreflight({
    attempt: { status, outcome } as Attempt,
    bodyText,
    kind: 'chat',
    model: 'gpt-9',
    tokenParam: 'max_tokens',
    adaptation: NO_ADAPTATION,
    temperatureIsSet: false,
    ownFields,
  });
}

describe('why a run cannot start', () => {
  test.each<[string, number, unknown, RegExp, RegExp]>([
    [
      'an unknown model is no matter of the limit',
      400,
      { error: { message: 'Invalid model name passed in model=gpt-9.', param: 'None', code: '400' } },
      /does not serve gpt-9 \(status 400: .*Invalid model name.*LLM_MIX/,
      /LLM_MAX_TOKENS/,
    ],
    [
      'a model that the key may not use is no wrong key',
      403,
      { error: { message: 'no access to model gpt-9', code: 'model_not_found' } },
      /does not serve gpt-9 .*LLM_MIX/,
      /LLM_API_KEY/,
    ],
    [
      'a prompt too long',
      400,
      { error: { message: 'exceeds the available context size', type: 'exceed_context_size_error' } },
      /longer than gpt-9 takes .*LLM_INPUT_TOKENS/,
      /LLM_MIX/,
    ],
    [
      'a field of the user’s own',
      400,
      { error: { message: 'nope', param: 'top_k' } },
      /refuses the field top_k .*LLM_EXTRA_BODY/,
      /LLM_MAX_TOKENS/,
    ],
    [
      'whatever else, in the server’s words and no others',
      400,
      { error: { message: 'the moon is in the wrong house' } },
      /refused \(status 400: the moon is in the wrong house\)$/,
      /LLM_/,
    ],
  ])('%s', (_name, status, body, says, saysNot) => {
    const step = judged(status, body, ['top_k']);
    expect(step.kind).toBe('stop');
    const reason = step.kind === 'stop' ? step.reason : '';
    expect(reason).toMatch(says);
    expect(reason).not.toMatch(saysNot);
  });
});

describe('a field that a server refuses by name', () => {
  test.each<[string, number, unknown, string | null]>([
    [
      'OpenAI style',
      400,
      {
        error: {
          message: 'unknown field stream_options',
          type: 'invalid_request_error',
          param: null,
          code: null,
        },
      },
      'stream_options',
    ],
    [
      'pydantic style',
      422,
      { detail: [{ type: 'extra_forbidden', loc: ['body', 'stream_options'], msg: 'field not allowed' }] },
      'stream_options',
    ],
    [
      'Mistral, which puts the list inside its message',
      422,
      {
        object: 'error',
        message: { detail: [{ type: 'extra_forbidden', loc: ['body', 'stream_options', 'include_usage'] }] },
        param: null,
      },
      'stream_options',
    ],
    ['a detail as text', 422, { detail: 'Extra inputs are not permitted: stream_options' }, 'stream_options'],
    ['plain text', 400, 'unsupported parameter: stream_options', 'stream_options'],
    ['another field', 400, { error: { message: "'messages' must not be empty", param: 'messages' } }, null],
    [
      'a key problem that mentions it',
      401,
      { error: { message: 'bad key; request had stream_options' } },
      null,
    ],
    [
      'the limit, by param',
      400,
      {
        error: {
          message: 'This model does not take max_tokens.',
          param: 'max_tokens',
          code: 'unsupported_parameter',
        },
      },
      'max_tokens',
    ],
    [
      'the limit, suggesting the other',
      400,
      {
        error: {
          message:
            "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
        },
      },
      'max_tokens',
    ],
    [
      'the other limit',
      400,
      { error: { message: 'unknown field max_completion_tokens; did you mean max_tokens' } },
      'max_completion_tokens',
    ],
    [
      'the temperature',
      400,
      {
        error: {
          message: 'temperature 0 is not allowed here.',
          param: 'temperature',
          code: 'unsupported_value',
        },
      },
      'temperature',
    ],
    [
      'a message that names but does not refuse',
      400,
      { error: { message: 'prompt too long for max_tokens 800' } },
      null,
    ],
    ['a server error', 500, { error: { message: 'unknown field stream_options' } }, null],
    ['an empty body', 400, '', null],
    ['null', 400, null, null],
    ['a list', 400, [], null],
    ['a strange detail', 422, { detail: [null, 1, { loc: 'x' }] }, null],
  ])('%s', (_name, status, body, expected) => {
    expect(refusedField(status, typeof body === 'string' ? body : JSON.stringify(body))).toBe(expected);
  });
});
