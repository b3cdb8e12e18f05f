import { describe, expect, test } from 'vitest';
import { NO_TIMES, nothingTold, UNKNOWN_USAGE } from './attempt.ts';
import { abandoned, attemptOf, attemptOfStream, type HttpAnswer, unreadable } from './http-answer.ts';
import { StreamReader } from './stream/stream-reader.ts';

const BODY = '{"choices":[{"index":0,"message":{"content":"Hi"},"finish_reason":"stop"}]}';
const EVENTS =
  'data: {"choices":[{"index":0,"delta":{"content":"Hi"}}]}\n\n' +
  'data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n';
const ANSWER: HttpAnswer = {
  status: 200,
  errorCode: 0,
  errorText: '',
  headers: {},
  bodyText: BODY,
  stream: false,
  wantsText: true,
  ttfbMs: 1,
  endMs: 2,
  nowMs: 0,
};

/** How an answer ended, and the kinds of what looked wrong in it. */
function ended(change: Partial<HttpAnswer>): string {
  const { attempt, text } = attemptOf({ ...ANSWER, ...change });
  const { outcome, warnings } = attempt;
  const word = outcome.kind === 'failed' ? outcome.error : outcome.kind;
  return [word, text, ...warnings.map(({ kind }) => kind)].join(' ');
}

describe('an answer that came whole', () => {
  test('is a body, or the events of a stream, by what it holds and what was asked', () => {
    expect(ended({})).toBe('ok Hi');
    expect(ended({ stream: true })).toBe('ok Hi not_streamed');
    expect(ended({ bodyText: EVENTS, stream: true })).toBe('ok Hi');
    expect(ended({ bodyText: EVENTS })).toBe('ok Hi unasked_stream');
    expect(ended({ bodyText: `\uFEFF: a comment\n\n${EVENTS}` })).toBe('ok Hi unasked_stream');
    expect(ended({ bodyText: `x${EVENTS}` })).toMatch(/^invalid/);
  });

  test('of another status is a refusal, whatever its body looks like', () => {
    for (const stream of [true, false]) {
      expect(ended({ status: 500, stream })).toBe('server ');
      expect(ended({ status: 429, bodyText: EVENTS, stream })).toBe('rate_limited ');
      expect(ended({ status: 300, stream })).toBe('bad_request ');
    }
    expect(ended({ status: 299 })).toBe('ok Hi');
  });

  test('has its text where somebody wants it, and its events no times', () => {
    expect(attemptOf({ ...ANSWER, wantsText: false }).text).toBeNull();
    const { text, attempt } = attemptOf({ ...ANSWER, bodyText: EVENTS, stream: true, wantsText: false });
    expect([text, attempt.chunks, attempt.ttftMs, attempt.ttfbMs, attempt.endMs]).toEqual([
      null,
      1,
      null,
      1,
      2,
    ]);
  });

  test('of events, of which k6 forgot the status when they broke off, came with a good one', () => {
    const cut = { status: 0, errorCode: 1220, errorText: 'connection reset', bodyText: EVENTS.slice(0, 60) };
    const { attempt } = attemptOf({ ...ANSWER, ...cut, stream: true });
    expect([attempt.status, attempt.outcome]).toEqual([200, expect.objectContaining({ error: 'truncated' })]);
  });
});

describe('an answer that broke off', () => {
  test.each<[Partial<HttpAnswer>, string]>([
    [{ status: 0, errorCode: 1220, bodyText: '' }, 'network '],
    [{ status: 0, errorCode: 1220, bodyText: '{"cho' }, 'truncated '],
    [{ status: 0, errorCode: 1220, bodyText: '', answerBegan: true }, 'truncated '],
    [{ status: 200, errorCode: 1220, bodyText: '' }, 'truncated '],
    [{ status: 200, errorCode: 1050, bodyText: '' }, 'timeout '],
    [{ status: 200, errorCode: 1600, bodyText: '' }, 'truncated '],
    // k6 calls an answer of 400 to 599 an error of its own number.
    [{ status: 200, errorCode: 1400 }, 'ok Hi'],
    [{ status: 200, errorCode: 1599 }, 'ok Hi'],
    [{ status: 200, errorCode: 1399 }, 'truncated '],
  ])('%j: %s', (change, expected) => {
    expect(ended(change)).toBe(expected);
  });

  test('in its events, by a reset or by the time that it took', () => {
    const begun = { bodyText: EVENTS.slice(0, 60), stream: true, status: 200 };
    expect(ended({ ...begun, errorCode: 1050, errorText: 'request timeout' })).toMatch(/^timeout/);
    expect(ended({ ...begun, errorCode: 1220 })).toMatch(/^truncated/);
    // A stream that is whole ended well, however long the connection stayed open.
    expect(ended({ bodyText: EVENTS, stream: true, errorCode: 1050 })).toBe('ok Hi left_open');
  });
});

describe('the head of an answer', () => {
  const headed = (headers: Record<string, string>, change: Partial<HttpAnswer> = {}) =>
    attemptOf({ ...ANSWER, headers, ...change }).attempt;

  test.each([
    ['0.25', 0.25],
    ['0', 0],
    ['-1', null],
    ['', null],
    ['free', null],
    ['Infinity', null],
  ])('a relay’s cost of %j is %j', (text, usd) => {
    expect(headed({ 'x-litellm-response-cost': text }).reportedCostUsd).toBe(usd);
  });

  test('has no say where the body names the cost', () => {
    const bodyText = BODY.replace(/\}$/, ',"usage":{"cost":0.5}}');
    expect(headed({ 'x-litellm-response-cost': '0.25' }, { bodyText }).reportedCostUsd).toBe(0.5);
    expect(headed({}).reportedCostUsd).toBeNull();
  });

  test('tells times of what went well, and a wait of what did not', () => {
    const headers = { 'x-queue-time': '5', 'retry-after': '3', 'x-ratelimit-remaining-requests': '7' };
    expect(headed(headers)).toMatchObject({
      reported: { queue: 5 },
      retryAfterMs: null,
      rateLimitRemaining: [{ limit: 'requests', remaining: 7 }],
    });
    expect(headed(headers, { status: 429 })).toMatchObject({ reported: null, retryAfterMs: 3000 });
  });
});

describe('a stream that was read event by event', () => {
  const reader = new StreamReader({ keepText: true });
  reader.feed(EVENTS, 5);
  const result = reader.end('clean');

  test('is what it said, under a status that is good', () => {
    const { attempt, text, bodyText } = attemptOfStream({ ...ANSWER, bodyText: 'rest' }, result);
    expect(attempt).toMatchObject({ status: 200, outcome: { kind: 'ok' }, ttftMs: 5, chunks: 1 });
    expect([text, bodyText]).toEqual(['Hi', 'rest']);
  });

  test('is a refusal under any other, and broke off without one', () => {
    const of = (change: Partial<HttpAnswer>) =>
      attemptOfStream({ ...ANSWER, bodyText: '', ...change }, result);
    expect(of({ status: 503 })).toMatchObject({
      text: null,
      toolCalls: [],
      attempt: { status: 503, outcome: { error: 'server' }, chunks: 0, ttftMs: null },
    });
    expect(of({ status: 0, errorText: 'refused' }).attempt.outcome).toMatchObject({ error: 'network' });
  });
});

test('an answer that its reader failed on is one failed request, of which nothing else is known', () => {
  const { attempt, ...rest } = unreadable('bug\nof ours', 200);
  expect(attempt).toMatchObject({
    status: 200,
    outcome: { kind: 'failed', error: 'invalid', message: 'bug of ours', retryable: false },
    ...NO_TIMES,
    usage: UNKNOWN_USAGE,
    ttfbMs: null,
    endMs: 0,
  });
  expect(rest).toEqual({ text: null, toolCalls: [], bodyText: '' });
  expect(unreadable('x').attempt.status).toBe(0);
});

test('an answer that its user gave up is neither well nor failed, and keeps what had come', () => {
  const answer = attemptOf({ ...ANSWER, bodyText: EVENTS, stream: true });
  const { outcome, chunks } = abandoned(answer).attempt;
  expect([outcome, chunks]).toEqual([{ kind: 'aborted', partialOutput: true }, 1]);
  const toldOf = (outputTokens: number) => {
    const usage = { ...UNKNOWN_USAGE, inputTokens: 9, outputTokens };
    return abandoned({ ...answer, attempt: { ...answer.attempt, chunks: 3, usage } }).attempt.usage;
  };
  expect([toldOf(1), toldOf(3)]).toMatchObject([
    { inputTokens: 9, outputTokens: null },
    { inputTokens: 9, outputTokens: 3 },
  ]);
  const none = { ...answer, attempt: { ...answer.attempt, ...nothingTold({ kind: 'ok' }) } };
  expect(abandoned(none).attempt.outcome).toEqual({ kind: 'aborted', partialOutput: false });
});
