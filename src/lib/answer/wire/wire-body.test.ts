import { describe, expect, test } from 'vitest';
import { StreamReader } from '../stream/stream-reader.ts';
import { readBlockingAnswer } from '../blocking-answer.ts';
import { AnswerState } from '../answer-state.ts';
import { isErrorName, readWireBody } from './wire-body.ts';

/** Events, each at its own ms from 1. */
function stream(events: readonly (unknown | [name: string, data: unknown])[], isNamed = false) {
  const reader = new StreamReader({ keepText: true });
  events.forEach((event, index) => {
    const [name, data]: [string, unknown] =
      isNamed && Array.isArray(event) ? [String(event[0]), event[1]] : ['', event];
    reader.event(name, typeof data === 'string' ? data : JSON.stringify(data), index + 1);
  });
  return reader.end('clean');
}

const delta = (fields: unknown, finish: string | null = null) => ({
  choices: [{ index: 0, delta: fields, finish_reason: finish }],
});
const STOP = delta({}, 'stop');

describe('reasoning, under every name in use', () => {
  test.each<[string, unknown]>([
    ['reasoning_content', { reasoning_content: 'Hm' }],
    ['reasoning', { reasoning: 'Hm' }],
    ['thinking', { thinking: 'Hm' }],
    ['reasoning_text', { reasoning_text: 'Hm' }],
    ['reasoning_details', { reasoning_details: [{ type: 'reasoning.text', text: 'Hm' }] }],
    ['a summary in reasoning_details', { reasoning_details: [{ summary: 'Hm' }] }],
    ['two names with the same text', { reasoning: 'Hm', reasoning_details: [{ text: 'Hm' }] }],
    ['a part of the content', { content: [{ type: 'thinking', thinking: [{ type: 'text', text: 'Hm' }] }] }],
  ])('%s', (_, fields) => {
    const result = stream([delta({ role: 'assistant' }), delta(fields), delta({ content: 'Yes' }), STOP]);
    expect(result).toMatchObject({ ttftMs: 2, ttfoMs: 3, chunks: 2, reasoning: 'Hm', answer: 'Yes' });
  });

  test.each<[string, unknown]>([
    ['reasoning_details', delta({ reasoning_details: [{ type: 'reasoning.encrypted', data: 'abc' }] })],
    ['encrypted_content', delta({ reasoning: { encrypted_content: 'abc' } })],
    ['a signature', delta({ content: [{ type: 'thinking', signature: 'abc' }] })],
    [
      'redacted_thinking',
      { type: 'content_block_start', index: 0, content_block: { type: 'redacted_thinking', data: 'abc' } },
    ],
    [
      'a signature_delta',
      { type: 'content_block_delta', delta: { type: 'signature_delta', signature: 'a' } },
    ],
    [
      'a Responses item',
      {
        type: 'response.output_item.added',
        item: { type: 'reasoning', encrypted_content: 'abc', summary: [] },
      },
    ],
  ])('that nobody can read is no output: %s', (_, hidden) => {
    const usage = { choices: [], usage: { prompt_tokens: 9, completion_tokens: 50 } };
    expect(stream([hidden, delta({ content: 'Yes' }), delta({ content: '!' }), STOP, usage])).toMatchObject({
      ttftMs: 2,
      ttfoMs: 2,
      chunks: 2,
      reasoning: '',
      usage: { outputTokens: 50, reasoningTokens: null },
      pace: 'hidden',
    });
  });
});

describe('other output of chat chunks', () => {
  test.each<[string, unknown, string]>([
    ['a refusal', { refusal: 'No.' }, 'No.'],
    ['parts', { content: [{ type: 'text', text: 'A' }, 'B'] }, 'AB'],
    ['speech with its words', { audio: { transcript: 'Hi' } }, 'Hi'],
    ['speech', { audio: { data: 'UklG' } }, ''],
  ])('%s', (_, fields, answer) => {
    expect(stream([delta({ content: '' }), delta(fields), STOP])).toMatchObject({
      outcome: { kind: 'ok' },
      ttftMs: 2,
      ttfoMs: 2,
      chunks: 1,
      answer,
    });
  });

  test.each<[string, unknown[], unknown]>([
    [
      'the old function_call',
      [{ function_call: { name: 'f', arguments: '' } }, { function_call: { arguments: '{}' } }],
      [{ name: 'f', arguments: '{}' }],
    ],
    [
      'calls without an index',
      [
        { tool_calls: [{ id: 'a', function: { name: 'f', arguments: '{"x":' } }] },
        { tool_calls: [{ function: { arguments: '1}' } }] },
        { tool_calls: [{ id: 'b', function: { name: 'g', arguments: '{}' } }] },
      ],
      [
        { name: 'f', arguments: '{"x":1}' },
        { name: 'g', arguments: '{}' },
      ],
    ],
    [
      'calls that all have the index 0',
      [
        { tool_calls: [{ index: 0, id: 'a', function: { name: 'f', arguments: '{}' } }] },
        { tool_calls: [{ index: 0, id: 'b', function: { name: 'g', arguments: '{' } }] },
        { tool_calls: [{ index: 0, function: { arguments: '}' } }] },
      ],
      [
        { name: 'f', arguments: '{}' },
        { name: 'g', arguments: '{}' },
      ],
    ],
    [
      'a name that comes with every piece',
      [
        { tool_calls: [{ index: 0, id: 'a', function: { name: 'f', arguments: '{' } }] },
        { tool_calls: [{ index: 0, id: 'a', function: { name: 'f', arguments: '}' } }] },
      ],
      [{ name: 'f', arguments: '{}' }],
    ],
    [
      'arguments that are an object',
      [{ tool_calls: [{ function: { name: 'f', arguments: { x: 1 } } }] }],
      [{ name: 'f', arguments: '{"x":1}' }],
    ],
  ])('%s', (_, pieces, calls) => {
    const read = stream([...pieces.map((piece) => delta(piece)), STOP]).toolCalls;
    expect(read.map(({ name, arguments: given }) => ({ name, arguments: given }))).toEqual(calls);
  });

  test('a whole message in the last chunk does not count again', () => {
    const last = { choices: [{ index: 0, message: { content: 'Yes' }, finish_reason: 'stop' }] };
    expect(stream([delta({ content: 'Yes' }), last])).toMatchObject({ answer: 'Yes', chunks: 1 });
    expect(stream([last])).toMatchObject({ answer: 'Yes', chunks: 1, outcome: { kind: 'ok' } });
  });

  test('messages in place of deltas are pieces, unless one repeats the last', () => {
    const said = (content: string, finish: string | null = null) => ({
      choices: [{ index: 0, delta: null, message: { role: 'assistant', content }, finish_reason: finish }],
    });
    const pieces = [said('One '), said('two'), said('.', 'stop')];
    expect(stream(pieces)).toMatchObject({ answer: 'One two.', chunks: 3, outcome: { kind: 'ok' } });
    expect(stream([said('Yes'), said('Yes', 'stop')])).toMatchObject({ answer: 'Yes', chunks: 1 });
    const grown = [said('One'), said('One two'), said('One two.'), said('One two.', 'stop')];
    expect(stream(grown)).toMatchObject({ answer: 'One two.', chunks: 3 });
  });

  test.each<[string, unknown]>([
    ['beside the choices', { choices: [], usage: { prompt_tokens: 3, completion_tokens: 2 } }],
    ["in Groq's own field", { choices: [], x_groq: { usage: { prompt_tokens: 3, completion_tokens: 2 } } }],
    [
      'in the choice',
      { choices: [{ index: 0, delta: {}, usage: { prompt_tokens: 3, completion_tokens: 2 } }] },
    ],
    ['without choices', { usage: { prompt_tokens: 3, completion_tokens: 2 } }],
  ])('usage %s', (_, event) => {
    const { usage } = stream([delta({ content: 'Yes' }), STOP, event]);
    expect([usage.inputTokens, usage.outputTokens]).toEqual([3, 2]);
  });

  test("an engine's timings are no usage", () => {
    const timed = { choices: [], timings: { prompt_n: 3, predicted_n: 2 } };
    expect(stream([delta({ content: 'Yes' }), STOP, timed]).usage.outputTokens).toBeNull();
  });

  test('of several choices, each must finish; the text is that of the first', () => {
    const choice = (index: number, content: string, finish: string | null) => ({
      choices: [{ index, delta: { content }, finish_reason: finish }],
    });
    const begun = [choice(1, 'B', null), choice(0, 'A', null), choice(0, '', 'stop')];
    expect(stream(begun)).toMatchObject({ outcome: { kind: 'failed', error: 'truncated' }, answer: 'A' });
    expect(stream([...begun, choice(1, '', 'length')])).toMatchObject({
      outcome: { kind: 'ok' },
      answer: 'A',
    });
  });

  test('an empty finish_reason is none', () => {
    expect(stream([delta({ content: 'Yes' }, '')]).outcome).toMatchObject({ error: 'truncated' });
  });
});

const ANTHROPIC: [string, unknown][] = [
  [
    'message_start',
    {
      type: 'message_start',
      message: {
        model: 'claude-demo',
        content: [],
        stop_reason: null,
        usage: { input_tokens: 30, output_tokens: 1 },
      },
    },
  ],
  ['ping', { type: 'ping' }],
  [
    'content_block_start',
    { type: 'content_block_start', index: 0, content_block: { type: 'thinking', thinking: '' } },
  ],
  [
    'content_block_delta',
    { type: 'content_block_delta', index: 0, delta: { type: 'thinking_delta', thinking: 'Hm' } },
  ],
  [
    'content_block_delta',
    { type: 'content_block_delta', index: 0, delta: { type: 'signature_delta', signature: 'x' } },
  ],
  ['content_block_stop', { type: 'content_block_stop', index: 0 }],
  [
    'content_block_start',
    { type: 'content_block_start', index: 1, content_block: { type: 'text', text: '' } },
  ],
  [
    'content_block_delta',
    { type: 'content_block_delta', index: 1, delta: { type: 'text_delta', text: 'Yes' } },
  ],
  [
    'content_block_start',
    {
      type: 'content_block_start',
      index: 2,
      content_block: { type: 'tool_use', id: 't1', name: 'f', input: {} },
    },
  ],
  [
    'content_block_delta',
    { type: 'content_block_delta', index: 2, delta: { type: 'input_json_delta', partial_json: '' } },
  ],
  [
    'content_block_delta',
    { type: 'content_block_delta', index: 2, delta: { type: 'input_json_delta', partial_json: '{"x":1}' } },
  ],
  [
    'message_delta',
    { type: 'message_delta', delta: { stop_reason: 'tool_use' }, usage: { output_tokens: 18 } },
  ],
  ['message_stop', { type: 'message_stop' }],
];

describe("Anthropic's events", () => {
  test('give thinking, text, a tool call, and totals of usage', () => {
    expect(stream(ANTHROPIC, true)).toMatchObject({
      outcome: { kind: 'ok' },
      ttftMs: 4,
      ttfoMs: 8,
      lastOutputMs: 11,
      chunks: 4,
      answer: 'Yes',
      reasoning: 'Hm',
      toolCalls: [{ name: 'f', arguments: '{"x":1}' }],
      finishReason: 'tool_use',
      answeredModel: 'claude-demo',
      usage: { inputTokens: 30, outputTokens: 18, reasoningTokens: null },
      done: false,
    });
  });

  test('are truncated without message_stop', () => {
    for (let length = 1; length < ANTHROPIC.length; length++) {
      expect(stream(ANTHROPIC.slice(0, length), true).outcome, `${length} events`).toMatchObject({
        error: 'truncated',
      });
    }
  });

  test('tell an overload, after which nothing may be sent again once text has come', () => {
    const error = ['error', { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } }];
    expect(stream([error], true).outcome).toMatchObject({ error: 'overloaded', retryable: true });
    expect(stream([...ANTHROPIC.slice(0, 8), error], true).outcome).toMatchObject({
      error: 'overloaded',
      retryable: false,
      partialOutput: true,
    });
  });

  test.each([
    ['an error event that is not JSON', ['error', 'worker gone']],
    ['an error event without a body', ['error', '{}']],
    ['an error event that is a number', ['error', '7']],
  ])('%s is an error', (_, event) => {
    expect(stream([event], true).outcome).toMatchObject({ error: 'stream_error' });
  });

  test('as a whole message', () => {
    const body = {
      type: 'message',
      model: 'claude-demo',
      content: [
        { type: 'thinking', thinking: 'Hm' },
        { type: 'text', text: 'Yes' },
        { type: 'tool_use', id: 't1', name: 'f', input: { x: 1 } },
      ],
      stop_reason: 'end_turn',
      usage: { input_tokens: 3, output_tokens: 9 },
    };
    const read = (value: unknown) =>
      readBlockingAnswer({ status: 200, headers: {}, bodyText: JSON.stringify(value) });
    expect(read(body)).toMatchObject({
      outcome: { kind: 'ok' },
      answer: 'Yes',
      reasoning: 'Hm',
      toolCalls: [{ name: 'f', arguments: '{"x":1}' }],
      finishReason: 'end_turn',
      usage: { inputTokens: 3, outputTokens: 9 },
    });
    expect(
      read({ ...body, content: [], usage: { input_tokens: 3, output_tokens: 0 } }).outcome,
    ).toMatchObject({
      error: 'empty',
    });
    expect(read({ ...body, stop_reason: 'refusal' }).outcome).toMatchObject({ error: 'content_filter' });
    expect(read({ type: 'error', error: { type: 'overloaded_error' } }).outcome).toMatchObject({
      error: 'overloaded',
    });
  });
});

describe('events of the Responses API', () => {
  const begin = { type: 'response.created', response: { status: 'in_progress' } };
  const text = { type: 'response.output_text.delta', delta: 'Yes' };
  const thought = { type: 'response.reasoning_summary_text.delta', delta: 'Hm' };
  const usage = { input_tokens: 17, output_tokens: 6, output_tokens_details: { reasoning_tokens: 2 } };
  const end = { type: 'response.completed', response: { status: 'completed', model: 'm', usage } };

  test('give text, reasoning, calls and usage', () => {
    const call = { type: 'function_call', id: 'fc', name: 'f', arguments: '' };
    const events = [
      begin,
      thought,
      text,
      { type: 'response.output_item.added', output_index: 1, item: call },
      { type: 'response.function_call_arguments.delta', output_index: 1, delta: '{}' },
      { type: 'response.function_call_arguments.done', output_index: 1, arguments: '{}' },
      { type: 'response.output_item.done', output_index: 1, item: { ...call, arguments: '{}' } },
      end,
    ];
    expect(stream(events)).toMatchObject({
      outcome: { kind: 'ok' },
      ttftMs: 2,
      ttfoMs: 3,
      lastOutputMs: 5,
      chunks: 4,
      answer: 'Yes',
      reasoning: 'Hm',
      toolCalls: [{ name: 'f', arguments: '{}' }],
      usage: { inputTokens: 17, outputTokens: 6, reasoningTokens: 2 },
    });
  });

  test.each<[string, unknown[], string]>([
    ['without an end', [begin, text], 'truncated'],
    [
      'that failed',
      [text, { type: 'response.failed', response: { error: { code: 'server_error' } } }],
      'stream_error',
    ],
    ['that failed without a word', [text, { type: 'response.failed' }], 'stream_error'],
    ['with an error', [text, { type: 'error', code: 'rate_limit_exceeded', message: 'x' }], 'rate_limited'],
    [
      'that were filtered',
      [
        text,
        {
          type: 'response.incomplete',
          response: { status: 'incomplete', incomplete_details: { reason: 'content_filter' } },
        },
      ],
      'content_filter',
    ],
  ])('%s', (_, events, error) => {
    expect(stream(events).outcome).toMatchObject({ error });
  });

  test('as a whole response', () => {
    const body = {
      object: 'response',
      status: 'completed',
      model: 'm',
      output: [
        { type: 'reasoning', summary: [{ type: 'summary_text', text: 'Hm' }] },
        { type: 'message', content: [{ type: 'output_text', text: 'Yes' }] },
        { type: 'function_call', call_id: 'c', name: 'f', arguments: '{}' },
      ],
      usage,
    };
    const answer = readBlockingAnswer({ status: 200, headers: {}, bodyText: JSON.stringify(body) });
    expect(answer).toMatchObject({
      outcome: { kind: 'ok' },
      answer: 'Yes',
      reasoning: 'Hm',
      toolCalls: [{ name: 'f', arguments: '{}' }],
      finishReason: 'completed',
    });
  });
});

describe('a stream that is none', () => {
  const feed = (text: string, close: 'clean' | 'reset') => {
    const reader = new StreamReader({ keepText: true });
    for (const char of text) reader.feed(char, 1);
    return reader.end(close);
  };

  test.each<[string, string, 'clean' | 'reset', string]>([
    ['JSON', '\uFEFF {"choices":[{"message":{"content":"Yes"}}]}', 'clean', 'ok'],
    ['an error as JSON', '{"error":{"code":429}}', 'clean', 'rate_limited'],
    ['a page', '<html><title>Sign in</title></html>', 'clean', 'invalid'],
    ['JSON that broke off', '{"choices":[{"mess', 'reset', 'truncated'],
    ['text', 'Internal Server Error\n', 'clean', 'stream_error'],
    ['words of too much load', 'The server is overloaded, come back later', 'clean', 'overloaded'],
  ])('%s', (_, text, close, expected) => {
    const { outcome, chunks, ttftMs } = feed(text, close);
    expect(outcome.kind === 'ok' ? 'ok' : outcome.error).toBe(expected);
    expect([chunks, ttftMs]).toEqual([0, null]);
  });
});

describe('how a connection ends', () => {
  test.each<[string, unknown[], 'clean' | 'reset' | 'timeout', string]>([
    ['finished, then reset', [delta({ content: 'a' }), STOP], 'reset', 'ok'],
    ['finished, then timed out', [delta({ content: 'a' }), STOP], 'timeout', 'ok'],
    ['[DONE] alone, clean', [delta({ content: 'a' }), '[DONE]'], 'clean', 'ok'],
    ['[DONE] alone, reset', [delta({ content: 'a' }), '[DONE]'], 'reset', 'truncated'],
    ['[DONE] alone, left open', [delta({ content: 'a' }), '[DONE]'], 'timeout', 'ok'],
    ['timed out', [delta({ content: 'a' })], 'timeout', 'timeout'],
    ['nothing, reset', [], 'reset', 'truncated'],
    ['nothing, timed out', [], 'timeout', 'timeout'],
    ['nothing, clean', [], 'clean', 'empty'],
    ['a role, then nothing', [delta({ role: 'assistant' })], 'clean', 'truncated'],
    ['a finish without text', [STOP], 'clean', 'empty'],
  ])('%s', (_, events, close, expected) => {
    const reader = new StreamReader();
    events.forEach((event, at) =>
      reader.event('', typeof event === 'string' ? event : JSON.stringify(event), at),
    );
    const { outcome } = reader.end(close);
    expect(outcome.kind === 'ok' ? 'ok' : outcome.error).toBe(expected);
  });
});

describe('an event’s name', () => {
  const newState = (): AnswerState => new AnswerState({ keepText: false, onOutput: () => {} });

  test('tells an error', () => {
    const names = ['error', 'stream_error', 'throttlingException', 'fatal', 'Fatal'];
    expect(names.filter((name) => !isErrorName(name))).toEqual([]);
    expect(['', 'message', 'nonfatal', 'fatality'].filter(isErrorName)).toEqual([]);
  });

  test('makes whatever it holds the error’s words, up to a bound', () => {
    const wordsOf = (body: unknown): string | null | undefined => {
      const state = newState();
      readWireBody(body, 'error', state);
      return state.error?.message;
    };
    expect([7, null, 'gone', ['gone'], ''].map(wordsOf)).toEqual([
      '7',
      'null',
      'gone',
      'gone',
      'an error without words',
    ]);
    expect(wordsOf({ message: 'gone' })).toBe('gone');
    expect(wordsOf('x'.repeat(501))).toBe('x'.repeat(500));
  });

  test('and body reach the reader of the kind that was asked for, behind the error', () => {
    const told: unknown[] = [];
    const state = newState();
    readWireBody({ data: [1] }, 'vectors', state, (body, name) => told.push([body, name]));
    expect([told, state.error, state.marks]).toEqual([[[{ data: [1] }, 'vectors']], null, 0]);
    readWireBody([{ error: 'gone' }], '', state, () => {});
    expect(state.error?.message).toBe('gone');
  });
});
