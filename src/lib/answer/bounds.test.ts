import { describe, expect } from 'vitest';
import { exhaustively } from '../../../test/support/exhaustively.ts';
import { readBlockingAnswer } from './blocking-answer.ts';
import { BOUNDS } from './bounds.ts';
import { StreamReader } from './stream/stream-reader.ts';

const MEGABYTE = 1024 * 1024;
const event = (data: unknown): string => `data: ${JSON.stringify(data)}\n\n`;

/** Feeds pieces until the reader has had enough; it must have, and must keep nothing by then. */
function readEndless(start: string, piece: string): string {
  const reader = new StreamReader({ keepText: true });
  reader.feed(start, 0);
  let fed = 0;
  while (reader.excess === null && fed < 80 * MEGABYTE) {
    reader.feed(piece, 1);
    fed += piece.length;
  }
  expect(reader.heldChars).toBeLessThanOrEqual(BOUNDS.lineChars);
  const { outcome } = reader.end('reset');
  expect(outcome).toMatchObject({ kind: 'failed', error: 'invalid', retryable: false });
  return outcome.kind === 'failed' ? outcome.message : '';
}

const megabyte = 'x'.repeat(MEGABYTE);

describe('an answer without measure is one failed request', () => {
  exhaustively.each([
    ['a line that never ends', 'data: ', megabyte, 'the answer has a line of more than 16 MB'],
    ['a comment that never ends', ': ', megabyte, 'a line of more than 16 MB'],
    ['an event that never ends', '', `data: ${megabyte}\n`, 'a line of more than 16 MB'],
    ['text in place of events', '', `${megabyte}\n`, 'a line of more than 16 MB'],
    ['a body that never ends', '{"a":"', megabyte, 'the answer has more than 16 MB'],
    [
      'text that is kept',
      '',
      event({ choices: [{ index: 0, delta: { content: megabyte } }] }),
      'more than 16 MB of text',
    ],
    [
      'arguments of a tool',
      '',
      event({
        choices: [{ index: 0, delta: { tool_calls: [{ index: 0, function: { arguments: megabyte } }] } }],
      }),
      'more than 16 MB of text',
    ],
    [
      'choices',
      '',
      event({ choices: Array.from({ length: 1300 }, (_, index) => ({ index, delta: { content: 'x' } })) }),
      'more than 1000 choices',
    ],
    [
      'tool calls',
      '',
      event({
        choices: [
          {
            index: 0,
            delta: {
              tool_calls: Array.from({ length: 2000 }, (_, index) => ({
                index,
                id: `c${index}`,
                function: { name: 'f', arguments: '{}' },
              })),
            },
          },
        ],
      }),
      'more than 1000 tool calls',
    ],
  ])('%s', (_, start, piece, message) => expect(readEndless(start, piece)).toContain(message));

  exhaustively('events without end', () => {
    const reader = new StreamReader();
    for (let count = 0; count <= BOUNDS.events; count++) reader.event('', '1', 0);
    expect(reader.end('clean').outcome).toMatchObject({
      error: 'invalid',
      message: 'the answer has more than 1000000 events',
    });
  });

  exhaustively('130,000 choices in a whole answer', () => {
    const choices = Array.from({ length: 130_000 }, (_, index) => ({ index, message: { content: 'x' } }));
    const { outcome } = readBlockingAnswer({
      status: 200,
      headers: {},
      bodyText: JSON.stringify({ choices }),
    });
    expect(outcome).toMatchObject({ error: 'invalid', message: 'the answer has more than 1000 choices' });
  });
});

describe('what is merely large is read', () => {
  exhaustively('an event of 10 MB, cut anywhere', () => {
    const reader = new StreamReader({ keepText: true });
    const text = event({
      choices: [{ index: 0, delta: { content: 'y'.repeat(10 * MEGABYTE) }, finish_reason: 'stop' }],
    });
    for (let at = 0; at < text.length; at += 777_777) reader.feed(text.slice(at, at + 777_777), at);
    const { outcome, answer } = reader.end('clean');
    expect([outcome.kind, answer?.length]).toEqual(['ok', 10 * MEGABYTE]);
  });

  exhaustively('thirty events of a megabyte that nobody keeps', () => {
    const reader = new StreamReader();
    const text = event({ choices: [{ index: 0, delta: { content: megabyte } }] });
    for (let count = 0; count < 30; count++) reader.feed(text, count);
    reader.feed(event({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] }), 30);
    expect(reader.end('clean').outcome).toEqual({ kind: 'ok' });
  });

  exhaustively('comments without end, line by line', () => {
    const reader = new StreamReader();
    for (let count = 0; count < 30; count++) reader.feed(`: ${megabyte}\n`, count);
    expect([reader.excess, reader.heldChars]).toEqual([null, 0]);
  });
});
