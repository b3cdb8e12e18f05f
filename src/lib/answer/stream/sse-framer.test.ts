import { describe, expect, test } from 'vitest';
import { exhaustively } from '../../../../test/support/exhaustively.ts';
import { SseFramer } from './sse-framer.ts';

function frame(pieces: readonly string[]): [name: string, data: string][] {
  const events: [string, string][] = [];
  const framer = new SseFramer((name, data) => events.push([name, data]));
  for (const piece of pieces) framer.feed(piece);
  framer.end();
  return events;
}

/** Name, what is on the wire, the events in it. */
const WIRES: [string, string, [string, string][]][] = [
  ['one event', 'data: a\n\n', [['', 'a']]],
  ['lines of data joined', 'data: a\ndata: b\n\n', [['', 'a\nb']]],
  [
    'CRLF',
    'event: x\r\ndata: a\r\n\r\ndata: b\r\n\r\n',
    [
      ['x', 'a'],
      ['', 'b'],
    ],
  ],
  [
    'CR',
    'event: x\rdata: a\r\rdata: b\r\r',
    [
      ['x', 'a'],
      ['', 'b'],
    ],
  ],
  ['line ends of every kind in one event', 'event: x\rdata: a\ndata: b\r\n\n', [['x', 'a\nb']]],
  [
    'a name of one event only',
    'event: x\ndata: a\n\ndata: b\n\n',
    [
      ['x', 'a'],
      ['', 'b'],
    ],
  ],
  ['the last name of an event', 'event: x\nevent: y\ndata: a\n\n', [['y', 'a']]],
  ['a name without data, which is no event', 'event: x\n\ndata: a\n\n', [['', 'a']]],
  [
    'one optional space',
    'data:a\n\ndata: b\n\ndata:  c\n\n',
    [
      ['', 'a'],
      ['', 'b'],
      ['', ' c'],
    ],
  ],
  [
    'fields without a colon',
    'data\n\nevent\ndata: a\n\n',
    [
      ['', ''],
      ['', 'a'],
    ],
  ],
  ['comments, id, retry and unknown fields', ': hi\nid: 7\nretry: 1\nfoo: 2\nfoo\ndata: a\n\n', [['', 'a']]],
  ['fields whose names only begin alike', 'datax: a\nevents: b\ndata: c\n\n', [['', 'c']]],
  ['a colon in the data', 'data: a: b\n\n', [['', 'a: b']]],
  ['NUL', 'data: a\0b\n\n', [['', 'a\0b']]],
  ['a BOM', '\uFEFFdata: a\n\n', [['', 'a']]],
  ['a BOM as bytes', '\u00EF\u00BB\u00BFdata: a\n\n', [['', 'a']]],
  ['a BOM that is not at the start', 'data: a\n\n\uFEFFdata: b\n\n', [['', 'a']]],
  [
    'a last event without its blank line',
    'data: a\n\ndata: b\n',
    [
      ['', 'a'],
      ['', 'b'],
    ],
  ],
  [
    'a last line without its end',
    'data: a\n\ndata: b',
    [
      ['', 'a'],
      ['', 'b'],
    ],
  ],
  ['a last CR', 'data: a\r', [['', 'a']]],
  ['nothing', '', []],
  ['blank lines', '\n\n\r\n\r\r', []],
];

describe('framing', () => {
  test.each(WIRES)('%s', (_, wire, events) => {
    expect(frame([wire])).toEqual(events);
    expect(frame([...wire]), 'char by char').toEqual(events);
    for (let cut = 1; cut < wire.length; cut++) {
      expect(frame([wire.slice(0, cut), wire.slice(cut)]), `cut at ${cut}`).toEqual(events);
      expect(frame([wire.slice(0, cut), '', wire.slice(cut)]), `empty read at ${cut}`).toEqual(events);
    }
  });

  test('an event comes out with the read that completes it, not later', () => {
    const seen: string[] = [];
    const framer = new SseFramer((_, data) => seen.push(data));
    framer.feed('data: a\r\n\r');
    expect(seen).toEqual(['a']);
    framer.feed('\ndata: b\n');
    expect(seen).toEqual(['a']);
    framer.feed('\n');
    expect(seen).toEqual(['a', 'b']);
  });

  test('tells whether a part of an event is left', () => {
    const framer = new SseFramer(() => {});
    expect(framer.hasPartialEvent()).toBe(false);
    framer.feed('da');
    expect(framer.hasPartialEvent()).toBe(true);
    framer.feed('ta: a\n');
    expect(framer.hasPartialEvent()).toBe(true);
    framer.feed('\n');
    expect(framer.hasPartialEvent()).toBe(false);
  });

  exhaustively('a line of megabytes in small reads is joined once', () => {
    const line = `data: ${'x'.repeat(2_000_000)}\n\n`;
    const pieces = line.match(/[^]{1,20}/g) ?? [];
    const events = frame(pieces);
    expect(events).toHaveLength(1);
    expect(events[0]?.[1]).toHaveLength(2_000_000);
  });
});
