import { describe, expect, test } from 'vitest';
import { readInTurn } from '../../../../test/support/read-in-turn.ts';

const choice = (fields: unknown) => ({ choices: [fields] });
const message = (fields: unknown) => choice({ index: 0, message: fields });
const delta = (fields: unknown) => choice({ index: 0, delta: fields });

describe('the output of a choice', () => {
  test.each<[string, unknown, string[], string]>([
    ['the text of a completion', choice({ text: 'Hi' }), ['answer text 0'], 'Hi'],
    ['a delta that is text', delta('Hi'), ['answer delta 0'], 'Hi'],
    ['a refusal', delta({ refusal: 'No' }), ['answer refusal 0'], 'No'],
    ['words that are spoken', delta({ audio: { transcript: 'Hi' } }), ['answer transcript 0'], 'Hi'],
    [
      'sound with its words',
      delta({ audio: { transcript: 'Hi', data: 'A' } }),
      ['answer transcript 0'],
      'Hi',
    ],
    ['sound', delta({ audio: { id: 'a', data: 'A' } }), ['answer  0'], ''],
    ['the name of a sound', delta({ audio: { id: 'a', data: '' } }), [], ''],
    ['sound that is none', delta({ audio: { data: null } }), [], ''],
    ['a picture', delta({ images: [{ image_url: { url: 'x' } }] }), ['answer  0'], ''],
    ['no picture', delta({ images: [] }), [], ''],
    ['reasoning', delta({ reasoning_details: 'Hm' }), ['reasoning text 0'], ''],
    ['arguments', delta({ tool_calls: [{ function: { arguments: '{}' } }] }), ['tool arguments 0'], ''],
    [
      'a whole message beside an empty delta',
      choice({ index: 0, delta: { role: 'assistant', content: '' }, message: { content: 'Hi' } }),
      ['answer content 0'],
      'Hi',
    ],
    [
      'a delta beside all so far',
      choice({ index: 0, delta: { content: 'i' }, message: { content: 'Hi' } }),
      ['answer content 0'],
      'i',
    ],
    ['a later choice', choice({ index: 1, delta: { content: 'Hi' } }), ['answer content 1'], 'Hi'],
  ])('%s', (_, body, output, answer) => {
    expect(readInTurn(body)).toMatchObject({ output, answer });
  });

  test('of a message that is no object is read each time', () => {
    expect(readInTurn(message('Hi'), message('Hi'))).toMatchObject({ answer: 'HiHi', marks: 0 });
  });

  test('of a whole message hangs on those before it', () => {
    expect(readInTurn(message({ content: 'Hi' }))).toMatchObject({ answer: 'Hi', marks: 1 });
  });
});

describe('tool calls', () => {
  const called = (...calls: unknown[]) =>
    readInTurn(...calls.map((call) => delta({ tool_calls: [call] }))).calls;

  test('go on by their index', () => {
    const calls = called(
      { index: 0, function: { name: 'f', arguments: '{' } },
      { index: 1, function: { name: 'g', arguments: '[' } },
      { index: 0, function: { arguments: '}' } },
      { index: 1, function: { arguments: ']' } },
    );
    expect(calls).toEqual([
      { id: '', name: 'f', arguments: '{}' },
      { id: '', name: 'g', arguments: '[]' },
    ]);
  });

  test('go on by their id where they have no index', () => {
    const calls = called(
      { id: 'a', function: { name: 'f', arguments: '{' } },
      { id: 'b', function: { name: 'g', arguments: '[]' } },
      { id: 'a', function: { arguments: '}' } },
    );
    expect(calls).toEqual([
      { id: 'a', name: 'f', arguments: '{}' },
      { id: 'b', name: 'g', arguments: '[]' },
    ]);
  });

  test('of a custom tool bring its input piece by piece', () => {
    const calls = called({ id: 'a', custom: { name: 'f', input: 'l' } }, { custom: { input: 's' } });
    expect(calls).toEqual([{ id: 'a', name: 'f', arguments: 'ls' }]);
  });
});

describe('what stands beside the choices', () => {
  const two = {
    choices: [0, 1].map((index) => ({ index, message: { content: 'Hi' }, finish_reason: 'stop' })),
  };
  const usage = { prompt_tokens: 9, completion_tokens: 8 };
  const outputTokens = (isStream: boolean, ...bodies: readonly unknown[]): number | null =>
    readInTurn(...bodies).state.readUsage(true, isStream).usage.outputTokens;

  test('usage of two choices is of both if it stands in an event without any', () => {
    expect(outputTokens(true, two, { choices: [], usage })).toBe(8);
    expect(outputTokens(true, two, { usage })).toBeNull();
    expect(outputTokens(true, { ...two, usage })).toBeNull();
  });

  test('usage of two choices is of both in a whole answer of vLLM', () => {
    expect(outputTokens(false, { ...two, usage, prompt_logprobs: null })).toBe(8);
    expect(outputTokens(false, { ...two, usage })).toBeNull();
  });

  test('and in its text completions, whose choices say so', () => {
    const [first, second] = two.choices;
    const told = { choices: [{ ...first, prompt_logprobs: null }, second], usage };
    expect(outputTokens(false, told)).toBe(8);
  });

  test('the tier that served it', () => {
    const { state } = readInTurn({ ...two, service_tier: 'flex' });
    expect(state.readUsage(true, false).rates).toEqual([{ name: 'flex', tokens: null }]);
  });

  test('errors, wherever they stand, and none where there is none', () => {
    const error = { message: 'no room', code: 503 };
    const bodies = [{ error }, { x_groq: { error } }, choice({ error }), delta({ error })];
    for (const body of bodies) {
      expect(readInTurn(body).state.error).toEqual({ code: 503, type: null, message: 'no room' });
    }
    expect(readInTurn({ x_groq: { id: 'r' } }, delta({ content: 'Hi' }))).toMatchObject({
      state: { error: null },
      marks: 0,
    });
  });
});
