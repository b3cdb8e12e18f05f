import { describe, expect, test } from 'vitest';
import { readInTurn } from '../../../../test/support/read-in-turn.ts';

const whole = (...content: unknown[]) => ({ type: 'message', content });
const piece = (delta: unknown, index?: unknown) => ({ type: 'content_block_delta', index, delta });

describe('a block of a message', () => {
  test.each<[string, unknown, string[], string]>([
    ['a text', { type: 'text', text: 'Hi' }, ['answer text 0'], 'Hi'],
    ['a bare text', 'Hi', ['answer text 0'], 'Hi'],
    ['thinking', { type: 'thinking', thinking: 'Hm' }, ['reasoning thinking 0'], ''],
    ['null', null, [], ''],
    ['data that is not redacted thinking', { type: 'container', data: 'x' }, [], ''],
    ['an empty signature', { type: 'thinking', thinking: '', signature: '' }, [], ''],
    ['redacted thinking without data', { type: 'redacted_thinking', data: '' }, [], ''],
    [
      'a text that names a successor',
      { type: 'text', text: 'Hi', to: { model: 'b' } },
      ['answer text 0'],
      'Hi',
    ],
    ['a fallback to nobody', { type: 'fallback', to: null }, [], ''],
  ])('%s', (_, block, output, answer) => {
    const told = readInTurn(whole(block));
    expect(told).toMatchObject({ output, answer, marks: 0, calls: [] });
    expect([told.state.hasHiddenReasoning, told.state.model]).toEqual([false, null]);
  });

  test('is a text where the content is one', () => {
    expect(readInTurn({ type: 'message', content: 'Hi' }).answer).toBe('Hi');
  });

  test('is thinking that nobody can read', () => {
    for (const block of [
      { type: 'redacted_thinking', data: 'x' },
      { type: 'thinking', signature: 'x' },
    ]) {
      const { state, marks } = readInTurn(whole(block));
      expect([state.hasHiddenReasoning, marks]).toEqual([true, 1]);
    }
  });

  test('names the model that took over', () => {
    const { state, marks } = readInTurn({ ...whole({ type: 'fallback', to: { model: 'b' } }), model: 'a' });
    expect([state.model, marks]).toEqual(['b', 1]);
  });

  test('is a call, whose result is sent under its id', () => {
    const uses = [1, 'toolu_1'].map((id) => ({ type: 'tool_use', id, name: 'f', input: { x: 1 } }));
    expect(readInTurn(whole(uses[1]))).toMatchObject({
      output: ['tool partial_json 0'],
      calls: [{ id: 'toolu_1', name: 'f', arguments: '{"x":1}' }],
    });
    expect(readInTurn(whole(uses[0])).calls).toEqual([{ id: '', name: 'f', arguments: '{"x":1}' }]);
  });
});

describe('events', () => {
  const start = (index: number, name: string) => ({
    type: 'content_block_start',
    index,
    content_block: { type: 'tool_use', id: name, name, input: {} },
  });
  const json = (text: string) => ({ type: 'input_json_delta', partial_json: text });

  test('bring pieces of calls by the index of their block', () => {
    const events = [start(1, 'f'), start(2, 'g'), piece(json('{}'), 1), piece(json('[]'), 2)];
    expect(readInTurn(...events).calls).toEqual([
      { id: 'f', name: 'f', arguments: '{}' },
      { id: 'g', name: 'g', arguments: '[]' },
    ]);
  });

  test('without an index are of the first block', () => {
    for (const index of [undefined, 'x']) {
      const events = [start(0, 'f'), start(1, 'g'), piece(json('{}'), index)];
      expect(readInTurn(...events).calls).toEqual([
        { id: 'f', name: 'f', arguments: '{}' },
        { id: 'g', name: 'g', arguments: '' },
      ]);
    }
  });

  test('of a call without its start are one without a name', () => {
    expect(readInTurn(piece(json('{}'), 0)).calls).toEqual([{ id: '', name: '', arguments: '{}' }]);
    expect(readInTurn(piece(json(''), 0)).marks).toBe(0);
  });

  test('that lack what they are to bring are passed over', () => {
    expect(readInTurn({ type: 'message_start' }, piece(null, 0), { type: 'message_delta' })).toMatchObject({
      output: [],
      marks: 0,
    });
  });
});

test('a whole message has come once it says why it stopped', () => {
  const isWhole = (reason: unknown) => readInTurn({ ...whole(), stop_reason: reason }).state.stopped;
  expect(['end_turn', null, undefined].map(isWhole)).toEqual([true, false, false]);
});

test('an error stands in an event of any type', () => {
  const { state } = readInTurn({ type: 'message_stop', error: { message: 'no room' } });
  expect(state.error?.message).toBe('no room');
});
