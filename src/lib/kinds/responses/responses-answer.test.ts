import { describe, expect, test } from 'vitest';
import { readInTurn } from '../../../../test/support/read-in-turn.ts';

const whole = (...output: unknown[]) => ({ object: 'response', output });
const piece = (name: string, delta: unknown, fields: object = {}) => ({
  type: `response.${name}.delta`,
  delta,
  ...fields,
});
/** The marks of a whole response: that it was read as a whole. */
const MARKS_OF_WHOLE = 1;

describe('an item of a whole response', () => {
  test.each<[string, unknown, string[], string]>([
    [
      'a message',
      { type: 'message', content: [{ type: 'output_text', text: 'Hi' }] },
      ['answer text 0'],
      'Hi',
    ],
    ['a message that is a text', { type: 'message', content: 'Hi' }, ['answer text 0'], 'Hi'],
    ['an item without a type', { content: 'Hi' }, ['answer text 0'], 'Hi'],
    ['a summary', { type: 'reasoning', summary: 'Hm' }, ['reasoning summary 0'], ''],
    ['reasoning', { type: 'reasoning', content: 'Hm', encrypted_content: '' }, ['reasoning text 0'], ''],
    ['reasoning without a blob', { type: 'reasoning', summary: [], encrypted_content: null }, [], ''],
    ['null', null, [], ''],
    ['a text', 'Hi', [], ''],
    ['a search that asks nothing', { type: 'web_search_call', id: 'ws' }, [], ''],
    ['an input of no call', { type: 'tool_result', input: 'x' }, [], ''],
    ['a result that is no picture', { type: 'file_search_call', result: 'A' }, [], ''],
    ['an empty picture', { type: 'image_generation_call', result: '' }, [], ''],
    ['no picture', { type: 'image_generation_call', result: null }, [], ''],
  ])('%s', (_, item, output, answer) => {
    const told = readInTurn(whole(item));
    expect(told).toMatchObject({ output, answer, marks: MARKS_OF_WHOLE, calls: [] });
    expect(told.state.hasHiddenReasoning).toBe(false);
  });

  test('is a call that is billed by itself', () => {
    const { state } = readInTurn(
      whole({ type: 'web_search_call', id: 'ws' }, { type: 'file_search_call' }, { type: 'function_call' }),
    );
    const { rates } = state.readUsage(false, false);
    expect(rates.map(({ name }) => name)).toEqual(['web_search', 'file_search']);
  });

  test('is a picture', () => {
    expect(readInTurn(whole({ type: 'image_generation_call', result: 'A' })).output).toEqual(['answer  0']);
  });

  test('is reasoning that nobody can read', () => {
    const { state } = readInTurn(whole({ type: 'reasoning', encrypted_content: 'x' }));
    expect(state.hasHiddenReasoning).toBe(true);
  });

  test('is a call, whose result is sent under its call_id', () => {
    const idOf = (fields: object) =>
      readInTurn(whole({ type: 'function_call', name: 'f', arguments: '{}', ...fields })).calls;
    const call = { name: 'f', arguments: '{}' };
    expect(idOf({ id: 'fc_1', call_id: 'call_1' })).toEqual([{ ...call, id: 'call_1' }]);
    expect(idOf({ id: 'fc_1' })).toEqual([{ ...call, id: 'fc_1' }]);
    expect(idOf({ call_id: 1 })).toEqual([{ ...call, id: '' }]);
    expect(idOf({})).toEqual([{ ...call, id: '' }]);
  });
});

describe('events', () => {
  test.each<[string, unknown, string[], number]>([
    ['text', piece('output_text', 'Hi'), ['answer delta 0'], 0],
    ['reasoning', piece('reasoning_text', 'Hm'), ['reasoning delta 0'], 0],
    [
      'a summary, which is told from reasoning',
      piece('reasoning_summary_text', 'Hm'),
      ['reasoning summary 0'],
      1,
    ],
    ['arguments', piece('function_call_arguments', '{}'), ['tool delta 0'], 1],
    ['sound', piece('output_audio', 'UklG'), ['answer  0'], 1],
    ['empty sound', piece('output_audio', ''), [], 0],
    ['no sound', piece('output_audio', null), [], 0],
    ['a picture', { type: 'response.image_generation_call.partial_image' }, ['answer  0'], 1],
    ['an item that is missing', { type: 'response.output_item.added' }, [], 0],
  ])('%s', (_, event, output, marks) => {
    expect(readInTurn(event)).toMatchObject({ output, marks });
  });

  test('bring pieces of calls by the place of their item', () => {
    const begin = (index: number, name: string) => ({
      type: 'response.output_item.added',
      output_index: index,
      item: { type: 'function_call', name, arguments: '' },
    });
    const args = (index: number, text: string) =>
      piece('function_call_arguments', text, { output_index: index });
    expect(readInTurn(begin(1, 'f'), begin(2, 'g'), args(1, '{}'), args(2, '[]')).calls).toEqual([
      { id: '', name: 'f', arguments: '{}' },
      { id: '', name: 'g', arguments: '[]' },
    ]);
  });

  test('without a place go on with the call before them', () => {
    const item = { type: 'function_call', id: 'fc', name: 'f', arguments: '' };
    const begun = { type: 'response.output_item.added', item };
    expect(readInTurn(begun, piece('function_call_arguments', '{}')).calls).toEqual([
      { id: 'fc', name: 'f', arguments: '{}' },
    ]);
    expect(readInTurn(piece('function_call_arguments', '{}')).calls).toEqual([
      { id: '', name: '', arguments: '{}' },
    ]);
  });

  test('end the response, which is read as a whole where nothing came before', () => {
    const response = { output: [{ type: 'message', content: 'Hi' }] };
    for (const name of ['completed', 'incomplete', 'done']) {
      const { state, answer } = readInTurn({ type: `response.${name}`, response });
      expect([state.stopped, answer], name).toEqual([true, 'Hi']);
    }
    expect(readInTurn({ type: 'response.created', response }).state.stopped).toBe(false);
  });

  test('tell that it failed, in words of its own where it has them', () => {
    const said = (event: object) => readInTurn(event).state.error?.message;
    expect(said({ type: 'response.failed' })).toBe('the response failed');
    expect(said({ type: 'response.cancelled' })).toBe('the response was cancelled');
    expect(said({ type: 'response.failed', response: { error: { message: 'no room' } } })).toBe('no room');
    expect(said({ type: 'response.in_progress', error: { message: 'no room' } })).toBe('no room');
  });
});

describe('a whole response', () => {
  test('has come if it is completed, or was cut', () => {
    const hasCome = (status: string) => readInTurn({ ...whole(), status }).state.stopped;
    expect(['completed', 'incomplete', 'in_progress'].map(hasCome)).toEqual([true, true, false]);
  });

  test('that was cut tells why, where it says so', () => {
    const reasonOf = (details: unknown) =>
      readInTurn({ ...whole(), status: 'incomplete', incomplete_details: details }).state.finishReason;
    expect(reasonOf({ reason: 'max_output_tokens' })).toBe('max_output_tokens');
    expect([null, {}].map(reasonOf)).toEqual(['incomplete', 'incomplete']);
  });

  test('holds its error, and the tier that served it', () => {
    const { state } = readInTurn({ ...whole(), error: { message: 'no room' }, service_tier: 'flex' });
    expect(state.error?.message).toBe('no room');
    expect(state.readUsage(false, false).rates).toEqual([{ name: 'flex', tokens: null }]);
    expect(readInTurn(whole()).state.error).toBeNull();
  });
});
