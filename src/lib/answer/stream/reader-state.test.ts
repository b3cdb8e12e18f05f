import { describe, expect, test } from 'vitest';
import { BOUNDS, excessOf } from '../bounds.ts';
import { StreamReader, type StreamOptions } from './stream-reader.ts';
import { isDoneMark } from './stray-text.ts';
import { wasHeldBack } from './stream-clock.ts';
import type { StreamClose } from './stream-ending.ts';

const chunk = (fields: unknown, finish: string | null = null): string =>
  `data: ${JSON.stringify({ choices: [{ index: 0, delta: fields, finish_reason: finish }] })}\n\n`;
const TEXT = chunk({ content: 'One' });
const STOP = chunk({}, 'stop');
const DONE = 'data: [DONE]\n\n';
const ERROR = 'data: {"error":{"message":"boom"}}\n\n';

function readerOf(text: string, options: StreamOptions = {}): StreamReader {
  const reader = new StreamReader(options);
  reader.feed(text, 5);
  return reader;
}
const endOf = (text: string, close: StreamClose = 'clean') => readerOf(text, { keepText: true }).end(close);

describe('what a reader knows while it reads', () => {
  test.each([
    [TEXT, false, false],
    [TEXT + STOP, false, false],
    [TEXT + DONE, false, true],
    [TEXT + STOP + DONE, true, true],
    [ERROR, false, false],
    [ERROR + DONE, true, true],
    ['data: {"type":"message_stop"}\n\n', true, false],
  ])('%j: over %j, done %j', (text, isOver, isDone) => {
    const reader = readerOf(text);
    expect([reader.isOver, reader.isDone]).toEqual([isOver, isDone]);
  });

  test('how much it holds, of a line and of a body that is no stream', () => {
    expect(readerOf(TEXT).heldChars).toBe(0);
    expect(readerOf('data: {"a"').heldChars).toBe(10);
    expect(readerOf('{"a": 1').heldChars).toBe(7);
  });

  test('that there is too much, and keeps nothing of it then', () => {
    const most = 'x'.repeat(BOUNDS.lineChars - 6);
    const line = readerOf(`data: ${most}`);
    expect(line.excess).toBeNull();
    line.feed('y', 6);
    expect([line.excess, line.heldChars]).toEqual([excessOf('lineChars'), 0]);
    line.feed(`\n\n${TEXT}`, 7);
    expect([line.chunks, line.end('clean').outcome]).toEqual([
      0,
      expect.objectContaining({ error: 'invalid' }),
    ]);
    const body = readerOf(`{${'x'.repeat(BOUNDS.bodyChars - 1)}`);
    expect(body.excess).toBeNull();
    body.feed('y', 6);
    expect([body.excess, body.heldChars]).toEqual([excessOf('bodyChars'), 0]);
  });

  test('gaps between events, where somebody asked for them', () => {
    const gaps = (options: StreamOptions) => {
      const reader = readerOf(TEXT, options);
      reader.feed(TEXT, 9);
      return reader.end('clean').gapsMs;
    };
    expect(gaps({ keepGaps: true })).toEqual([4]);
    expect(gaps({})).toBeNull();
  });
});

describe('how a stream ended, in words', () => {
  test.each<[string, StreamClose, string]>([
    [TEXT, 'clean', 'the stream ended without its end mark'],
    [TEXT, 'reset', 'the connection broke off before the end mark'],
    [TEXT, 'timeout', 'timed out before the end mark'],
    ['', 'clean', 'the stream brought no event'],
    [STOP + DONE, 'clean', 'the stream ended with neither text nor tool call nor output tokens'],
  ])('%j, %s: %s', (text, close, words) => {
    const { outcome } = endOf(text, close);
    expect(outcome).toMatchObject({ kind: 'failed', message: expect.stringContaining(words) });
  });

  test('text after [DONE] and events that are no JSON are told, and no more', () => {
    const { outcome, warnings } = endOf(`data: what\n\n${TEXT}${STOP}${DONE}${TEXT}plain\n\n`);
    expect(outcome).toEqual({ kind: 'ok' });
    expect(warnings.map(({ kind }) => kind)).toEqual(['dropped_event', 'after_done']);
    expect(warnings[1]?.text).toContain('(2 times)');
  });

  test('a field that no standard knows means nothing, and a sentence is told', () => {
    const kinds = (line: string) => endOf(`${line}\n${TEXT}${STOP}${DONE}`).warnings.map(({ kind }) => kind);
    expect(kinds('my-field: x')).toEqual([]);
    expect(kinds('words of a server: x')).toEqual(['stray_text']);
    expect(kinds('words')).toEqual(['stray_text']);
  });

  test('a body that is no stream is read as one answer, with its text where it is kept', () => {
    const body = '{"choices":[{"message":{"content":"Hi"},"finish_reason":"stop"}]}';
    for (const text of [body, `[${body}]`, `\n ${body}`]) {
      const kept = endOf(text);
      expect([kept.answer, kept.warnings.map(({ kind }) => kind)]).toEqual(['Hi', ['not_streamed']]);
    }
    expect(readerOf(body).end('clean')).toMatchObject({ answer: null, reasoning: null, done: false });
    expect(endOf(body.slice(0, 40), 'reset').outcome).toMatchObject({ error: 'truncated' });
    expect(endOf(body.slice(0, 40)).outcome).toMatchObject({ error: 'invalid' });
    expect(endOf('{"error":{"message":"boom"}}', 'reset').outcome).toMatchObject({ error: 'server' });
  });

  test('events that are read some at a time: the end is told at once, and so is how many came', () => {
    const reader = new StreamReader({ keepText: true });
    const events = Array.from({ length: 70 }, (_, index) => TEXT.slice(6, -2).replace('One', `${index} `));
    const isOver = events.map((data, index) => reader.event('', data, index));
    expect([isOver.includes(true), reader.chunks, reader.choiceEvents]).toEqual([false, 70, 70]);
    expect(reader.event('', STOP.slice(6, -2), 70)).toBe(false);
    expect(reader.event('', '[DONE]', 71)).toBe(true);
    const { outcome, answer, ttftMs, lastOutputMs, stallMs } = reader.end('clean');
    expect([outcome.kind, ttftMs, lastOutputMs, stallMs]).toEqual(['ok', 0, 69, 1]);
    expect(answer).toBe(events.map((_, index) => `${index} `).join(''));
    const other = new StreamReader();
    expect(other.event('content_block_delta', '{"type":"content_block_delta"}', 1)).toBe(false);
    expect(other.event('message_stop', '{"type":"message_stop"}', 2)).toBe(true);
  });

  test('a name may end in CR, as xk6-sse hands it over', () => {
    const reader = new StreamReader();
    reader.event('error\r', '', 1);
    expect(reader.end('clean').outcome).toMatchObject({ error: 'stream_error' });
  });
});

test.each([
  ['[DONE]', true],
  [' "DONE" \r', true],
  [`[DONE]${' '.repeat(57)}`, true],
  [`[DONE]${' '.repeat(58)}`, false],
  ['[DONE] x', false],
])('%j says that nothing more comes: %j', (data, expected) => {
  expect(isDoneMark(data)).toBe(expected);
});

test.each([
  [{ chunks: 5, ttftMs: 50, lastOutputMs: 50 }, true],
  [{ chunks: 4, ttftMs: 50, lastOutputMs: 50 }, false],
  [{ chunks: 5, ttftMs: 49, lastOutputMs: 49 }, false],
  [{ chunks: 27, ttftMs: 100, lastOutputMs: 105 }, true],
  [{ chunks: 26, ttftMs: 100, lastOutputMs: 105 }, false],
  [{ chunks: 1000, ttftMs: 100, lastOutputMs: 106 }, false],
  [{ chunks: 1000, ttftMs: 1000, lastOutputMs: 1010 }, true],
  [{ chunks: 1000, ttftMs: 1000, lastOutputMs: 1011 }, false],
])('a stream of %j was held back: %j', (span, expected) => {
  expect(wasHeldBack(span)).toBe(expected);
});
