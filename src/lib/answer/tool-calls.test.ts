import { describe, expect, test } from 'vitest';
import { type ToolCallPiece, ToolCalls } from './tool-calls.ts';

const PIECE: ToolCallPiece = { choice: 0, index: 0, id: '', name: '', arguments: '' };

/** The calls that pieces make, each as its id, name and arguments. */
function joined(...pieces: Partial<ToolCallPiece>[]): string[] {
  const calls = new ToolCalls();
  for (const piece of pieces) calls.add({ ...PIECE, ...piece });
  return calls.list().map(({ id, name, arguments: text }) => `${id} ${name} ${text}`);
}

describe('pieces of a tool call', () => {
  test('are joined by their index, whatever the order in which they come', () => {
    expect(
      joined(
        { id: 'a', name: 'one' },
        { index: 1, id: 'b', name: 'two' },
        { arguments: '{"x":' },
        { index: 1, arguments: '{}' },
        { arguments: '1}' },
      ),
    ).toEqual(['a one {"x":1}', 'b two {}']);
  });

  test('of two choices are two calls', () => {
    expect(joined({ name: 'one' }, { choice: 1, name: 'two' }, { arguments: '{}' })).toEqual([
      ' one {}',
      ' two ',
    ]);
  });

  test('without an index follow the last call, and a new id opens the next', () => {
    const none = { index: null };
    expect(
      joined(
        { ...none, id: 'a', name: 'one' },
        { ...none, arguments: '1' },
        { ...none, id: 'b', name: 'two' },
        { ...none, arguments: '2' },
        { ...none, id: 'b', arguments: '3' },
      ),
    ).toEqual(['a one 1', 'b two 23']);
    expect(joined({ ...none, name: 'one' }, { ...none, arguments: '1' })).toEqual([' one 1']);
  });

  test('that repeat the name name one call; a name in parts is joined', () => {
    expect(joined({ name: 'one' }, { name: 'one', arguments: '1' })).toEqual([' one 1']);
    expect(joined({ name: 'get_' }, { name: 'time' })).toEqual([' get_time ']);
  });

  test('with another id and a name under an index already taken are a call of their own, and so is what follows', () => {
    expect(
      joined(
        { id: 'a', name: 'one', arguments: '1' },
        { id: 'b', name: 'two' },
        { arguments: '2' },
        { id: 'c', name: 'three', arguments: '3' },
      ),
    ).toEqual(['a one 1', 'b two 2', 'c three 3']);
  });

  test('with another id and no name, or the same id, go on with the call', () => {
    expect(joined({ id: 'a', name: 'one' }, { id: 'b', arguments: '1' })).toEqual(['b one 1']);
    expect(joined({ id: 'a', name: 'one' }, { id: 'a', name: 'one', arguments: '1' })).toEqual(['a one 1']);
    expect(joined({ name: 'one' }, { id: 'a', name: 'one', arguments: '1' })).toEqual(['a one 1']);
    expect(joined({ id: 'a' }, { id: 'b', name: 'one' })).toEqual(['b one ']);
  });

  test('that bring nothing are no call, and no output', () => {
    const calls = new ToolCalls();
    expect(calls.add({ ...PIECE, id: 'a' })).toBe(false);
    expect([calls.size, calls.list()]).toEqual([1, []]);
    expect(calls.add({ ...PIECE, name: 'one' })).toBe(true);
    expect(calls.add({ ...PIECE, arguments: '{' })).toBe(true);
    expect(calls.add(PIECE)).toBe(false);
    expect(calls.list()).toEqual([{ id: 'a', name: 'one', arguments: '{' }]);
    expect(joined({ arguments: '{}' })).toEqual(['  {}']);
  });
});
