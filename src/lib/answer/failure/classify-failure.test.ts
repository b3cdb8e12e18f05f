import { describe, expect, test } from 'vitest';
import type { ErrorKind } from '../attempt.ts';
import { readBlockingAnswer } from '../blocking-answer.ts';
import { findError } from './error-body.ts';
import { recorded } from '../../../../test/support/recorded.ts';
import { classifyInBody, classifyRefusal, classifyTransport } from './classify-failure.ts';

function refusal(status: number, body: unknown = '', contentType = 'application/json') {
  const bodyText = typeof body === 'string' ? body : JSON.stringify(body);
  return classifyRefusal({ status, headers: { 'Content-Type': contentType }, bodyText });
}

describe('the status of a refusal', () => {
  test.each<[number, ErrorKind, boolean]>([
    [301, 'bad_request', false],
    [400, 'bad_request', false],
    [401, 'auth', false],
    [402, 'quota', false],
    [403, 'auth', false],
    [404, 'bad_request', false],
    [408, 'timeout', true],
    [413, 'bad_request', false],
    [422, 'bad_request', false],
    [425, 'server', true],
    [429, 'rate_limited', true],
    [499, 'server', true],
    [500, 'server', true],
    [501, 'server', false],
    [502, 'server', true],
    [503, 'server', true],
    [504, 'timeout', true],
    [520, 'server', true],
    [524, 'timeout', true],
    [529, 'overloaded', true],
    [700, 'invalid', false],
    [99, 'invalid', false],
  ])('%i is %s, retryable %s', (status, error, retryable) => {
    expect(refusal(status)).toMatchObject({ error, retryable, partialOutput: false });
  });
});

describe('what the body adds', () => {
  test.each<[string, number, unknown, ErrorKind]>([
    ['a spent quota by its code', 429, { error: { code: 'insufficient_quota' } }, 'quota'],
    ['a spent quota by its type', 429, { error: { type: 'insufficient_quota', code: null } }, 'quota'],
    ['a spent quota in words', 429, { error: { message: 'Your quota is used up, see billing' } }, 'quota'],
    ['credits in words', 429, { error: { message: 'You have no credits left' } }, 'quota'],
    ['bare words', 429, 'You exceeded your current quota, check your plan and billing details', 'quota'],
    [
      'a rate whose text advertises billing',
      429,
      { error: { message: 'Rate limit reached on requests per min. Add a payment method under billing.' } },
      'rate_limited',
    ],
    [
      'a rate that calls itself a quota',
      429,
      {
        error: {
          message: 'You exceeded your current quota. Please retry in 24.5s.',
          status: 'RESOURCE_EXHAUSTED',
        },
      },
      'rate_limited',
    ],
    [
      "a spent account under Google's name for both",
      429,
      { error: { code: 429, message: 'You exceeded your current quota.', status: 'RESOURCE_EXHAUSTED' } },
      'quota',
    ],
    [
      'a rate by its code, whatever the words',
      429,
      { error: { code: 'rate_limit_exceeded', message: 'quota exceeded' } },
      'rate_limited',
    ],
    ['a spent account as 400', 400, { error: { message: 'Your credit balance is too low' } }, 'quota'],
    ['a spent account as 403', 403, { error: { code: 'insufficient_user_quota' } }, 'quota'],
    ["a key as 400, LiteLLM's without a database", 400, recorded('litellm/wrong-key').body, 'auth'],
    [
      "a key as 400, Google's",
      400,
      {
        error: {
          code: 400,
          message: 'API key not valid. Please pass a valid API key.',
          status: 'INVALID_ARGUMENT',
        },
      },
      'auth',
    ],
    ['a key as 400 by its code', 400, { error: { code: 'expired_key', message: 'no' } }, 'auth'],
    ["a spent budget as 400, LiteLLM's", 400, { error: { type: 'budget_exceeded' } }, 'quota'],
    ['a model name that is not served', 400, recorded('litellm/wrong-model').body, 'bad_request'],
    ['a field called key', 400, { error: { message: 'unknown field api_version' } }, 'bad_request'],
    ['a filter as 400', 400, { error: { code: 'content_filter' } }, 'content_filter'],
    ['overload as 503', 503, { error: { message: 'The engine is overloaded, please wait' } }, 'overloaded'],
    ['overload as 500', 500, { type: 'error', error: { type: 'overloaded_error' } }, 'overloaded'],
    ['overload as a page', 503, '<html><title>Server overloaded</title></html>', 'overloaded'],
    ['a key error that speaks of quota', 401, { error: { message: 'bad key, no quota' } }, 'auth'],
    [
      'a bad request that speaks of rate limits',
      400,
      { error: { message: 'rate limit must be > 0' } },
      'bad_request',
    ],
    ['FastAPI', 422, { detail: [{ loc: ['body', 'n'], msg: 'not allowed', type: 'x' }] }, 'bad_request'],
  ])('%s', (_, status, body, error) => {
    expect(refusal(status, body).error).toBe(error);
  });

  test.each([
    [
      'a page',
      502,
      '<html><head><title>Bad\n gateway</title></head></html>',
      'status 502 (text/html): Bad gateway',
    ],
    [
      'a page without a title',
      502,
      '<body><script>var a;</script><h1>Oh no</h1></body>',
      'status 502 (text/html): Oh no',
    ],
    ['an empty body', 503, '', 'status 503 (text/html)'],
    ['text', 500, 'Internal\n\n  Server Error\u0000', 'status 500 (text/html): Internal Server Error'],
  ])('the message names status and type and shows one short line: %s', (_, status, body, message) => {
    expect(refusal(status, body, 'text/html; charset=utf-8').message).toBe(message);
  });

  test('no message is long', () => {
    expect(refusal(524, `<title>slow</title>${'x'.repeat(50_000)}`).message.length).toBeLessThan(40);
    expect(refusal(500, 'x'.repeat(50_000)).message.length).toBeLessThan(160);
    expect(
      refusal(500, { error: { message: 'y'.repeat(50_000) } }, 'a'.repeat(999)).message.length,
    ).toBeLessThan(200);
  });

  test.each([
    'Bearer abc.def-ghi',
    'sk-proj-aaaaBBBB1111',
    'gsk_aaaaBBBB1111',
    'api_key=aaaaBBBB1111',
    'Incorrect API key provided: sk-aaaa****1111',
  ])('%s is not repeated', (secret) => {
    const { message } = refusal(401, { error: { message: `refused: ${secret}` } });
    expect(message).toContain('***');
    expect(message).not.toMatch(/abc\.def|aaaaBBBB1111|1111/);
  });
});

describe('an error in an answer of status 200', () => {
  const classify = (error: unknown, where: 'body' | 'stream', partialOutput = false) => {
    const found = findError({ error });
    if (found === null) throw new Error('no error');
    return classifyInBody(found, { where, partialOutput });
  };

  test.each<[string, unknown, ErrorKind, ErrorKind]>([
    ['code 429', { code: 429 }, 'rate_limited', 'rate_limited'],
    ['code "429"', { code: '429' }, 'rate_limited', 'rate_limited'],
    ['code 500', { code: 500 }, 'server', 'stream_error'],
    ['code 502', { code: 502 }, 'server', 'stream_error'],
    ['code 504', { code: 504 }, 'timeout', 'timeout'],
    ['code 401', { code: 401 }, 'auth', 'auth'],
    ['code 402', { code: 402 }, 'quota', 'quota'],
    ['code 429 of a spent account', { code: 429, message: 'no credits left' }, 'quota', 'quota'],
    ['code 1301', { code: 1301, message: 'x' }, 'server', 'stream_error'],
    ['overloaded_error', { type: 'overloaded_error' }, 'overloaded', 'overloaded'],
    ['rate_limit_error', { type: 'rate_limit_error' }, 'rate_limited', 'rate_limited'],
    ['api_error', { type: 'api_error' }, 'server', 'stream_error'],
    ['invalid_request_error', { type: 'invalid_request_error' }, 'bad_request', 'bad_request'],
    ['a text', 'out of memory', 'server', 'stream_error'],
    ['a text that tells', 'Too many requests', 'rate_limited', 'rate_limited'],
  ])('%s', (_, error, inBody, inStream) => {
    expect(classify(error, 'body').error).toBe(inBody);
    expect(classify(error, 'stream').error).toBe(inStream);
  });

  test('may be sent again only if nothing had come', () => {
    expect(classify({ type: 'overloaded_error' }, 'stream').retryable).toBe(true);
    expect(classify({ type: 'overloaded_error' }, 'stream', true)).toMatchObject({
      retryable: false,
      partialOutput: true,
    });
  });

  test.each([null, undefined, false, '', {}, 0, []])('%j is no error', (error) => {
    expect(findError({ error })).toBeNull();
  });
});

describe('a whole body of status 200', () => {
  test.each<[string, string, ErrorKind | 'ok']>([
    ['an empty body', '', 'empty'],
    ['a number', '7', 'invalid'],
    ['null', 'null', 'invalid'],
    ['a list', '[]', 'invalid'],
    ['an empty object', '{}', 'invalid'],
    ['cut JSON', '{"choices":[{"message":{"content":"Hi', 'invalid'],
    ['an error in a list', '[{"error":{"code":503}}]', 'server'],
    ['a text that is empty', '{"choices":[{"message":{"content":""},"finish_reason":"stop"}]}', 'empty'],
    ['choices of null', '{"choices":[null]}', 'invalid'],
    ['a refusal', '{"choices":[{"message":{"content":null,"refusal":"No."}}]}', 'ok'],
    [
      'a tool call',
      '{"choices":[{"message":{"content":null,"tool_calls":[{"function":{"name":"f"}}]}}]}',
      'ok',
    ],
    [
      'no text but tokens',
      '{"choices":[{"message":{"content":""},"finish_reason":"length"}],"usage":{"completion_tokens":5}}',
      'ok',
    ],
    ['finish_reason length', '{"choices":[{"message":{"content":"a"},"finish_reason":"length"}]}', 'ok'],
    [
      'a filter',
      '{"choices":[{"message":{"content":"a"},"finish_reason":"content_filter"}]}',
      'content_filter',
    ],
    ['finish_reason error', '{"choices":[{"message":{"content":"a"},"finish_reason":"error"}]}', 'server'],
    ['an old text completion', '{"choices":[{"text":"a","finish_reason":"stop"}]}', 'ok'],
  ])('%s is %s', (_, bodyText, expected) => {
    const { outcome } = readBlockingAnswer({ status: 200, headers: {}, bodyText });
    expect(outcome.kind === 'ok' ? 'ok' : outcome.error).toBe(expected);
  });
});

describe('a connection that failed', () => {
  test.each<[number, string, boolean, ErrorKind]>([
    [1050, 'request timeout', false, 'timeout'],
    [1050, 'request timeout', true, 'timeout'],
    [1211, 'dial: i/o timeout', false, 'network'],
    [1212, 'connection refused', false, 'network'],
    [1220, 'connection reset by peer', false, 'network'],
    [1220, 'connection reset by peer', true, 'truncated'],
    [0, 'context deadline exceeded while reading body', true, 'timeout'],
    [0, 'unexpected EOF', true, 'truncated'],
    [0, '', false, 'network'],
  ])('%i "%s", begun %s: %s', (errorCode, errorText, answerBegan, error) => {
    expect(classifyTransport({ errorCode, errorText, answerBegan }).error).toBe(error);
  });
});
