import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Attempt } from '../attempt.ts';
import { attemptOf } from '../http-answer.ts';
import { StreamReader } from './stream-reader.ts';
import type { StreamClose } from './stream-ending.ts';

const chunk = (fields: unknown, finish: unknown = null): string =>
  `data: ${JSON.stringify({ choices: [{ index: 0, delta: fields, finish_reason: finish }] })}\n\n`;
const TEXT = chunk({ content: 'One' }) + chunk({ content: ' two' });
const STOP = chunk({}, 'stop');
const DONE = 'data: [DONE]\n\n';

/** The same stream as the meter reads it (bytes, cut anywhere) and as xk6-sse hands it over. */
function feed(text: string, close: StreamClose = 'clean') {
  const reader = new StreamReader({ keepText: true });
  for (const char of text) reader.feed(char, 1);
  return reader.end(close);
}

/** As k6's http has it: whole. */
function whole(bodyText: string, stream = true, errorCode = 0) {
  const status = errorCode === 0 ? 200 : 0;
  return attemptOf({
    status,
    errorCode,
    errorText: errorCode === 0 ? '' : 'request timeout',
    headers: {},
    bodyText,
    stream,
    wantsText: true,
    ttfbMs: 1,
    endMs: 2,
    nowMs: 0,
  });
}

/** Lines that are no event go to xk6-sse's error handler, one by one. */
function handedOver(text: string) {
  const reader = new StreamReader({ keepText: true });
  let name = '';
  let data: string[] = [];
  for (const line of [...text.split('\n'), '']) {
    if (line === '') {
      if (data.length > 0) reader.event(name, data.join('\n'), 1);
      [name, data] = ['', []];
    } else if (line.startsWith('event:')) name = line.slice(6).trim();
    else if (line.startsWith('data:')) data.push(line.slice(5).trim());
    else if (!line.startsWith(':')) reader.line(line, 1);
  }
  return reader.end('clean');
}

const kind = (outcome: Attempt['outcome']): string =>
  outcome.kind === 'failed' ? outcome.error : outcome.kind;

describe('what servers write where an event should be', () => {
  test.each<[string, string, string, string]>([
    ['a field', 'error: {"code":500,"message":"decode failed"}\n\n', 'stream_error', 'decode failed'],
    ['a field that is capital', 'Error: worker died\n\n', 'stream_error', 'worker died'],
    ['a field of two words', 'Internal error: worker died\n\n', 'stream_error', 'worker died'],
    ['text as data', 'data: Internal Server Error\n\n', 'stream_error', 'Internal Server Error'],
    ['a string as data', 'data: "upstream timed out"\n\n', 'stream_error', 'upstream timed out'],
    ['words in brackets as data', 'data: [ERROR] engine died\n\n', 'stream_error', 'engine died'],
    [
      'a day that is spent',
      'data: {"error_code":17,"error_msg":"day is spent"}\n\n',
      'stream_error',
      'spent',
    ],
    ['bare JSON', '{"error":{"message":"gone","code":503}}\n\n', 'stream_error', 'gone'],
    ['bare JSON over many lines', '{\n "error": {\n  "message": "gone"\n }\n}\n\n', 'stream_error', 'gone'],
    ['a page', '<html><head><title>502 Bad Gateway</title></head>\n</html>\n\n', 'stream_error', '502 Bad'],
    ['plain words', 'upstream connect failure\n\n', 'stream_error', 'upstream connect failure'],
    ['plain words of load', 'the model is overloaded\n\n', 'overloaded', 'overloaded'],
    ['detail', 'data: {"detail":"Not found"}\n\n', 'stream_error', 'Not found'],
    ['DashScope', 'data: {"code":"InvalidParameter","message":"bad n"}\n\n', 'bad_request', 'bad n'],
    ['its filter', 'data: {"code":"DataInspectionFailed","message":"no"}\n\n', 'content_filter', 'no'],
    ['its throttle', 'data: {"code":"Throttling.RateQuota","message":"no"}\n\n', 'rate_limited', 'no'],
    ['Baidu', 'data: {"error_code":336003,"error_msg":"too long"}\n\n', 'stream_error', 'too long'],
    [
      'MiniMax',
      'data: {"base_resp":{"status_code":1008,"status_msg":"no money"}}\n\n',
      'stream_error',
      'no money',
    ],
    [
      'a refusal',
      'data: {"success":false,"message":"rate limit exceeded"}\n\n',
      'rate_limited',
      'rate limit',
    ],
    ['a status', 'data: {"status":429,"message":"slow down"}\n\n', 'rate_limited', 'slow down'],
    ['Bedrock', 'data: {"throttlingException":{"message":"Too many"}}\n\n', 'rate_limited', 'Too many'],
    ['an event of its own', 'event: exception\ndata: {"message":"boom"}\n\n', 'stream_error', 'boom'],
    ['an event without data', 'event: error\ndata:\n\n', 'stream_error', 'an error without words'],
    ['an event with an empty object', 'event: error\ndata: {}\n\n', 'stream_error', 'an error without words'],
    ['an event with text', 'event: stream_error\ndata: boom\n\n', 'stream_error', 'boom'],
    ['an error in a delta', chunk({ error: { message: 'boom' } }), 'stream_error', 'boom'],
    ['two errors in one event', 'data: {"id":1}{"error":{"message":"boom"}}\n\n', 'stream_error', 'boom'],
  ])('%s', (_, written, expected, words) => {
    for (const read of [feed, handedOver]) {
      for (const before of ['', TEXT]) {
        const { outcome } = read(before + written + DONE);
        expect(kind(outcome), `${read.name} after ${before.length}`).toBe(expected);
        expect(JSON.stringify(outcome)).toContain(words);
        if (outcome.kind === 'failed') expect(outcome.partialOutput).toBe(before !== '');
      }
    }
    expect(kind(whole(TEXT + written + DONE).attempt.outcome)).toBe(expected);
  });

  test.each<[string, string]>([
    ['a comment', ': error: none\n\n'],
    ['a relay that waits', 'data: {"status":"processing","message":"queued"}\n\n'],
    ['a code of 0', 'data: {"code":0,"message":"ok"}\n\n'],
    ['a good base_resp', 'data: {"base_resp":{"status_code":0,"status_msg":"success"}}\n\n'],
    ['an error of null', 'data: {"error":null,"choices":[]}\n\n'],
    ['a keepalive', 'event: keepalive\ndata: {"type":"keepalive"}\n\n'],
    ['a field that nobody knows', 'timestamp: 17\n\n'],
    ['a comment as data', 'data: : OPENROUTER PROCESSING\n\n'],
  ])('is no error: %s', (_, written) => {
    for (const read of [feed, handedOver]) {
      expect(kind(read(TEXT + written + STOP + DONE).outcome)).toBe('ok');
      expect(kind(read(TEXT + STOP + written + DONE).outcome)).toBe('ok');
    }
  });

  test('words before a proper end are a warning, and nothing more', () => {
    const { outcome, warnings } = feed(`${TEXT}some chatter\n\n${STOP}${DONE}`);
    expect(kind(outcome)).toBe('ok');
    expect(warnings.map((warning) => warning.kind)).toEqual(['stray_text']);
  });

  test('words before a break are its reason', () => {
    const { outcome } = feed(`${TEXT}some chatter\n\n`, 'reset');
    expect([kind(outcome), JSON.stringify(outcome)]).toEqual([
      'stream_error',
      expect.stringContaining('chatter'),
    ]);
  });
});

describe('objects that are not framed as they should be', () => {
  test.each<[string, string]>([
    ['glued', TEXT.trim().replaceAll(/\n\ndata: /g, '')],
    ['on lines of one event', TEXT.trim().replaceAll('\n\n', '\n')],
    ['with the field name inside', TEXT.trim().replaceAll('\n\ndata: ', 'data: ')],
    ['without a space, in capitals', TEXT.trim().replaceAll('data: ', 'Data:')],
  ])('%s are all read', (_, text) => {
    expect(feed(`${text}\n\n${STOP}${DONE}`)).toMatchObject({ outcome: { kind: 'ok' }, answer: 'One two' });
  });

  test.each([
    ['of OpenAI', [TEXT, STOP].join('').replaceAll('data: ', '').replaceAll('\n\n', '\n')],
    ['of Ollama', '{"message":{"content":"Hel"},"done":false}\n{"message":{"content":"lo"},"done":true}\n'],
  ])('NDJSON %s is told as what it is', (_, text) => {
    for (const read of [feed, handedOver]) {
      expect(JSON.stringify(read(text).outcome), read.name).toContain('NDJSON');
    }
  });
});

describe('a text that comes with every event', () => {
  test.each<[string, string[], string, boolean]>([
    ['grows', ['The', 'The cat', 'The cat sat'], 'The cat sat', true],
    ['grows, with quotes', ['"', '"a"', '"a" é'], '"a" é', true],
    ['starts alike once', ['ha', 'haha', '!'], 'hahaha!', false],
    ['is the same', ['a', 'a', 'a'], 'aaa', false],
  ])('%s', (_, pieces, answer, repeats) => {
    const result = feed(pieces.map((content) => chunk({ content })).join('') + STOP + DONE);
    expect(result.answer).toBe(answer);
    expect(result.warnings.some((warning) => warning.kind === 'cumulative')).toBe(repeats);
    expect(result.chunks).toBe(pieces.length);
  });
});

describe('a finish reason', () => {
  test.each<[string, string, string]>([
    ['that names a failure', TEXT + chunk({}, 'abort') + DONE, 'stream_error'],
    ['that is an object', TEXT + chunk({}, { type: 'abort' }) + DONE, 'stream_error'],
    ['that is a list', TEXT + chunk({}, ['SAFETY']) + DONE, 'content_filter'],
    ['that is taken back by none', TEXT + chunk({}, 'SPII') + STOP + DONE, 'content_filter'],
    ['of null as a word', chunk({ content: 'a' }, 'null') + chunk({ content: 'b' }, 'null'), 'truncated'],
    ['that is hidden behind the provider', TEXT + native('stop', 'SAFETY') + DONE, 'content_filter'],
    ['that the provider agrees with', TEXT + native('stop', 'STOP') + DONE, 'ok'],
    [
      'with output after it, and no more',
      chunk({ content: 'a' }, 'stop') + chunk({ content: 'b' }, 'stop'),
      'truncated',
    ],
    [
      'with output after it, then [DONE]',
      chunk({ content: 'a' }, 'stop') + chunk({ content: 'b' }) + DONE,
      'ok',
    ],
  ])('%s', (_, text, expected) => {
    expect(kind(feed(text).outcome)).toBe(expected);
    expect(kind(whole(text).attempt.outcome)).toBe(expected);
  });

  test('that nobody knows counts as it came, and is told', () => {
    const { outcome, warnings, finishReason } = feed(TEXT + chunk({}, 'wibble') + DONE);
    expect([kind(outcome), finishReason]).toEqual(['ok', 'wibble']);
    expect(warnings).toEqual([{ kind: 'unknown_finish', text: expect.stringContaining('wibble') }]);
  });
});

function native(finish_reason: string, native_finish_reason: string): string {
  return `data: ${JSON.stringify({ choices: [{ index: 0, delta: {}, finish_reason, native_finish_reason }] })}\n\n`;
}

test.each(['[DONE]', ' [DONE] ', '"[DONE]"', 'DONE'])('%j is the end of a stream', (mark) => {
  const { outcome, done, warnings } = feed(`${TEXT}data: ${mark}\n\n`);
  expect([kind(outcome), done, warnings]).toEqual(['ok', true, []]);
});

test('N13: the recorded stream for a blocking request is 9 tokens in and 5 out', () => {
  const file = path.join(import.meta.dirname, '../../../../test/fixtures/streams/unasked.sse');
  const { attempt, text } = whole(readFileSync(file, 'utf8'), false);
  expect([kind(attempt.outcome), text]).toEqual(['ok', 'Hello! It works.']);
  expect(attempt.usage).toMatchObject({ inputTokens: 9, outputTokens: 5 });
});

test('a stream that nobody asked for is read as one, and told', () => {
  const { attempt, text } = whole(TEXT + STOP + DONE, false);
  expect([kind(attempt.outcome), text]).toEqual(['ok', 'One two']);
  expect(attempt.warnings.map((warning) => warning.kind)).toEqual(['unasked_stream']);
  expect([attempt.ttftMs, attempt.chunks]).toEqual([null, 2]);
});

test('a connection that stays open behind the end costs no failure, and its time is nobody’s latency', () => {
  const { attempt } = whole(TEXT + STOP + DONE, true, 1050);
  expect([kind(attempt.outcome), attempt.status]).toEqual(['ok', 200]);
  expect(attempt.warnings.map((warning) => warning.kind)).toEqual(['left_open']);
});
