import { describe, expect, test } from 'vitest';
import { refusedField } from './judge-preflight.ts';

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
