import { describe, expect, test } from 'vitest';
import { describeBody, findBareError, findError } from './error-body.ts';
import { statusOfCode } from './error-wording.ts';

const error = (code: string | number | null, type: string | null, message: string | null) => ({
  code,
  type,
  message,
});

describe('findError', () => {
  test.each([
    [{ error: { code: 429, type: 't', message: 'm' } }, error(429, 't', 'm')],
    [[{ error: { message: 'm' } }], error(null, null, 'm')],
    [{ error: 'm', code: 'c', type: 't' }, error('c', 't', 'm')],
    [{ error: 'm', status: 503, error_type: 'e', type: 't' }, error(503, 'e', 'm')],
    [{ error: true, message: 'm', code: 5 }, error(5, null, 'm')],
    [{ errors: [{ code: 7, message: 'm' }] }, error(7, null, 'm')],
    [{ errors: ['m'], code: 7 }, error(7, null, 'm')],
    [{ type: 'error', message: 'm' }, error(null, 'error', 'm')],
    [{ object: 'error', message: 'm', code: 40_001 }, error(40_001, null, 'm')],
    [{ error: { status: 'UNAVAILABLE', detail: 'd' } }, error('UNAVAILABLE', 'UNAVAILABLE', 'd')],
    [{ error: { status_code: 500, message: '' } }, error(500, null, null)],
    [{ error: { http_code: 502, message: 'm' } }, error(502, null, 'm')],
    [{ error: { message: 'm', metadata: { raw: 'upstream' } } }, error(null, null, 'm upstream')],
    [{ error: { metadata: { raw: 'upstream' } } }, error(null, null, 'upstream')],
  ])('%j', (body, expected) => {
    expect(findError(body)).toEqual(expected);
  });

  test.each([
    [null],
    ['error'],
    [{}],
    [{ error: null }],
    [{ error: false }],
    [{ error: '' }],
    [{ error: {} }],
    [{ errors: [] }],
    [{ errors: 'm' }],
    [{ type: 'message', object: 'chat.completion' }],
  ])('%j holds none', (body) => {
    expect(findError(body)).toBeNull();
  });
});

describe('describeBody', () => {
  test.each([
    [{ error: 'm', detail: 'd' }, error(null, null, 'm')],
    [{ detail: 'd', message: 'm', title: 't' }, error(null, null, 'd')],
    [{ detail: '', message: 'm', code: 9, type: 'x' }, error(9, 'x', 'm')],
    [{ title: 't', status: 404 }, error(404, null, 't')],
    [
      { detail: [{ loc: ['body', 'model'], type: 'missing', msg: 'required' }] },
      error(null, 'missing', 'body.model: required'),
    ],
    [{ detail: [{ msg: 'required' }] }, error(null, null, 'required')],
    [{ detail: [{ loc: ['body'] }] }, error(null, null, 'body: ')],
    [{ detail: ['d'] }, null],
    [{ detail: 5 }, null],
    ['text', null],
  ])('%j', (body, expected) => {
    expect(describeBody(body)).toEqual(expected);
  });
});

describe('findBareError', () => {
  test.each([
    [{ code: 'InvalidParameter', message: 'm', type: 't' }, error('InvalidParameter', 't', 'm')],
    [{ status: 500, msg: 'm' }, error(500, null, 'm')],
    [{ error_code: 17, error_msg: 'm' }, error(17, null, 'm')],
    [{ error_code: 110, error_message: 'm' }, error(110, null, 'm')],
    [{ status: 'failed', reason: 'm' }, error('failed', null, 'm')],
    [{ success: false, message: 'm' }, error(null, null, 'm')],
    [{ ok: false, message: 'm' }, error(null, null, 'm')],
    [{ detail: 'm' }, error(null, null, 'm')],
    [{ detail: [{ msg: 'm' }] }, error(null, null, 'm')],
    [{ throttlingException: { message: 'm' } }, error(null, 'throttlingException', 'm')],
    [{ base_resp: { status_code: 1004, status_msg: 'm' } }, error(1004, null, 'm')],
  ])('%j', (body, expected) => {
    expect(findBareError(body)).toEqual(expected);
  });

  test.each([
    [{ code: 'x', message: 'm', choices: [] }],
    [{ code: 'x', message: 'm', data: {} }],
    [{ code: 0, message: 'm' }],
    [{ error_code: 0, message: 'm' }],
    [{ code: 'success', message: 'm' }],
    [{ status: 'queued', message: 'm' }],
    [{ code: 'x' }],
    [{ success: true, ok: true, message: 'm' }],
    [{ errorless: { message: 'm' } }],
    [{ serverError: 'm' }],
    [{ base_resp: { status_code: 0, status_msg: 'm' } }],
    [{ base_resp: {} }],
    [{ error: 'm', code: 'x', message: 'm' }],
  ])('%j may be an answer', (body) => {
    expect(findBareError(body)).toBeNull();
  });
});

test.each([
  [429, 429],
  ['503', 503],
  [100, 100],
  [599, 599],
  [99, null],
  [600, null],
  ['5030', null],
  ['x503', null],
  ['50', null],
  [429.5, null],
  ['quota', null],
  [null, null],
])('the status that the code %j stands for is %j', (code, status) => {
  expect(statusOfCode(error(code, null, null))).toBe(status);
});
