import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { canRewrite, openStatusLine } from './status-line.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A terminal that shows what was written to it, with `\r` and "erase below" done. */
function makeTerminal(columns = 80) {
  const stream = {
    isTTY: true,
    columns,
    written: '',
    write: (text: string) => ((stream.written += text), true),
  };
  const shown = (): string[] =>
    stream.written.split('\n').map((line) => line.split('\r\u001B[J').at(-1) ?? '');
  return { stream: stream as never as NodeJS.WriteStream, written: () => stream.written, shown };
}

test('is written anew once a second, below all that is said', () => {
  const terminal = makeTerminal();
  let count = 0;
  const line = openStatusLine(terminal.stream, () => `tick ${++count}`);
  vi.advanceTimersByTime(2000);
  expect(terminal.shown()).toEqual(['tick 2']);
  line.say('hello');
  vi.advanceTimersByTime(1000);
  expect(terminal.shown()).toEqual(['hello', 'tick 3']);
  line.close();
  vi.advanceTimersByTime(5000);
  expect(terminal.shown()).toEqual(['hello', '']);
});

test('is nothing while there is nothing to tell', () => {
  const terminal = makeTerminal();
  openStatusLine(terminal.stream, () => null);
  vi.advanceTimersByTime(3000);
  expect(terminal.written()).toBe('');
});

test.each([
  [80, 79],
  [120, 119],
  [0, 79],
])('of a terminal of %d columns it takes %d', (columns, room) => {
  let given = 0;
  openStatusLine(makeTerminal(columns).stream, (free) => ((given = free), ''));
  vi.advanceTimersByTime(1000);
  expect(given).toBe(room);
});

test('has no colours, so NO_COLOR takes nothing from it', () => {
  const terminal = makeTerminal();
  openStatusLine(terminal.stream, () => 'x');
  vi.advanceTimersByTime(1000);
  expect(terminal.written().replaceAll('\r\u001B[J', '')).toBe('x');
});

test('is for terminals that can rewrite a line', () => {
  const terminal = makeTerminal().stream;
  expect(canRewrite(terminal, {})).toBe(true);
  expect(canRewrite(terminal, { TERM: 'dumb' })).toBe(false);
  expect(canRewrite({ isTTY: false } as never as NodeJS.WriteStream, {})).toBe(false);
});
