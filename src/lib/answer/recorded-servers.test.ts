import { expect, test } from 'vitest';
import { recorded } from '../../../test/support/recorded.ts';
import { blameOf } from '../request/refusal.ts';
import { readModelList } from '../request/model-list.ts';
import { attemptOf } from './http-answer.ts';

/** What real servers answered (npm run interop -- --capture), read as a run would read it. */
function attemptAt(name: string, stream: boolean) {
  const { status, headers, body } = recorded(name);
  return attemptOf({
    status,
    errorCode: 0,
    errorText: '',
    headers,
    bodyText: body,
    stream,
    wantsText: true,
    ttfbMs: 1,
    endMs: 2,
    nowMs: 0,
  });
}

test.each([
  ['llama/blocking', false, 8],
  ['llama/streamed', true, 8],
  ['llama/streamed-without-usage', true, null],
  ['litellm/blocking', false, 8],
  ['litellm/streamed', true, 8],
  ['litellm/streamed-without-usage', true, null],
  ['guidellm/blocking', false, 8],
  ['guidellm/streamed', true, 8],
  ['guidellm/streamed-without-usage', true, null],
])('%s is a success of 8 tokens, as far as it tells', (name, stream, outputTokens) => {
  const { attempt, text } = attemptAt(name, stream);
  expect(attempt.outcome).toEqual({ kind: 'ok' });
  expect(attempt.usage.outputTokens).toBe(outputTokens);
  expect(text).not.toBe('');
});

test.each([
  ['llama/wrong-key', 'auth'],
  ['llama/too-long', 'bad_request'],
  ['llama/no-messages', 'bad_request'],
  ['llama/broken-json', 'server'],
  ['litellm/wrong-key', 'auth'],
  ['litellm/wrong-model', 'bad_request'],
  ['litellm/no-messages', 'bad_request'],
  ['litellm/broken-json', 'bad_request'],
  ['guidellm/no-messages', 'bad_request'],
])('%s is %s', (name, error) => {
  expect(attemptAt(name, false).attempt.outcome).toMatchObject({ kind: 'failed', error });
});

test.each([
  ['llama/too-long', { kind: 'context' }],
  ['litellm/wrong-model', { kind: 'model' }],
  ['litellm/no-messages', { kind: 'field', field: 'messages' }],
])('%s complains of %j', (name, blame) => {
  const { status, body } = recorded(name);
  expect(blameOf(status, body)).toEqual(blame);
});

test('a name that is not served is answered under its own by llama.cpp', () => {
  expect(attemptAt('llama/wrong-model', false).attempt.answeredModel).toBe('random-llama');
});

test.each([
  ['llama/models', ['random-llama']],
  ['litellm/models', ['gpt-4.1']],
  ['guidellm/models', ['llama-3.1-8b-instruct']],
])('%s', (name, expected) => {
  expect(readModelList(recorded(name).body)).toEqual(expected);
});

test.each([
  ['llama/blocking', ['prompt', 'decode', 'token']],
  ['llama/streamed', ['prompt', 'decode', 'token']],
  ['litellm/streamed', ['proxy']],
])('%s tells of its own time: %j', (name, parts) => {
  expect(Object.keys(attemptAt(name, name.endsWith('streamed')).attempt.reported ?? {})).toEqual(parts);
});
