import { expect, test } from 'vitest';
import type { Failure } from '../attempt.ts';
import {
  classifyFinish,
  classifyInBody,
  classifyRefusal,
  classifyTransport,
  headline,
} from './classify-failure.ts';
import { readFinish } from './finish-reason.ts';

const said = (failure: Failure | null) => failure && `${failure.error}: ${failure.message}`;

test.each([
  [{ code: 429, type: 'requests', message: 'slow down' }, '429 requests: slow down', 'rate_limited'],
  [{ code: null, type: 'server_error', message: null }, 'server_error', 'server'],
  [{ code: 'x', type: '', message: 'm' }, 'x: m', 'server'],
  [{ code: null, type: null, message: 'the server is too busy' }, 'the server is too busy', 'overloaded'],
  [{ code: null, type: null, message: null }, '', 'server'],
  [{ code: 200, type: null, message: 'm' }, '200: m', 'server'],
  [{ code: 300, type: null, message: 'm' }, '300: m', 'bad_request'],
])('an error in an answer of status 200 is told by its names and words: %j', (error, words, kind) => {
  const body = classifyInBody(error, { where: 'body', partialOutput: false });
  const stream = classifyInBody(error, { where: 'stream', partialOutput: true });
  expect(said(body)).toBe(`${kind}: status 200 with an error: ${words}`);
  expect(said(stream)).toBe(`${kind === 'server' ? 'stream_error' : kind}: error in the stream: ${words}`);
  expect([body.partialOutput, stream.partialOutput, stream.retryable]).toEqual([false, true, false]);
});

test.each([
  ['content_filter', 'content_filter: the answer was filtered: content_filter'],
  ['insufficient_system_resource', 'overloaded: finish_reason is insufficient_system_resource'],
  ['error', 'server: finish_reason is error'],
  ['stop', null],
])('a finish reason of %s', (reason, expected) => {
  const finish = readFinish(reason);
  expect(finish && said(classifyFinish(finish, { where: 'body', partialOutput: false }))).toBe(expected);
});

test('a finish reason that names a failing server is an error of the stream, in a stream', () => {
  const finish = readFinish('error');
  expect(finish && classifyFinish(finish, { where: 'stream', partialOutput: true })?.error).toBe(
    'stream_error',
  );
});

test.each([
  [{ errorCode: 1050, errorText: 'request timeout' }, 'timeout: timed out (1050): request timeout'],
  [{ errorCode: 0, errorText: 'ETIMEDOUT: timed out' }, 'timeout: timed out: ETIMEDOUT: timed out'],
  [{ errorCode: 0, errorText: 'timeout' }, 'timeout: timed out: timeout'],
  [{ errorCode: 1220, errorText: 'timeout' }, 'network: no answer (1220): timeout'],
  [
    { errorCode: 1220, errorText: 'reset', answerBegan: true },
    'truncated: the answer broke off (1220): reset',
  ],
  [{ errorCode: 0, errorText: 'refused' }, 'network: no answer: refused'],
])('what a connection ended in: %j', (error, expected) => {
  expect(said(classifyTransport(error))).toBe(expected);
});

test('a refusal names its status, its type and what it says', () => {
  const refused = (status: number, bodyText: string, headers = {}) =>
    classifyRefusal({ status, headers, bodyText });
  expect(said(refused(302, '', { location: 'https://elsewhere/v1?key=1' }))).toBe(
    'bad_request: status 302: redirects to https://elsewhere/v1, and redirects are not followed; set LLM_BASE_URL',
  );
  expect([500, 501, 505].map((status) => refused(status, '').retryable)).toEqual([true, false, false]);
  expect(refused(500, '{"error":{"type":"overloaded_error"}}').error).toBe('overloaded');
  expect(refused(401, '{"error":{"message":"your credit balance is too low"}}').error).toBe('quota');
  expect(refused(600, '{"error":{"code":"insufficient_quota"}}').error).toBe('invalid');
  expect(headline(502, { 'Content-Type': 'text/html ; charset=utf-8' }, ' Bad ')).toBe(
    'status 502 (text/html): Bad',
  );
  expect(headline(502, {}, '')).toBe('status 502');
});
