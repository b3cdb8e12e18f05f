import { describe, expect, test } from 'vitest';
import { readBlockingAnswer } from '../blocking-answer.ts';
import { StreamReader } from '../stream/stream-reader.ts';

/** Events, each at its own ms from 1. */
function stream(events: readonly unknown[]) {
  const reader = new StreamReader({ keepText: true });
  events.forEach((event, index) => reader.event('', JSON.stringify(event), index + 1));
  return reader.end('clean');
}

const delta = (fields: unknown, finish: string | null = null) => ({
  choices: [{ index: 0, delta: fields, finish_reason: finish }],
});

test('a finish reason in camels is one', () => {
  const choice = { index: 0, delta: { content: 'Hi' }, finishReason: 'SAFETY' };
  expect(stream([{ choices: [choice] }]).outcome).toMatchObject({ error: 'content_filter' });
});

describe('output of chat chunks in shapes that nobody wrote down', () => {
  const call = { index: 0, id: 'a', function: { name: 'f', arguments: '{}' } };
  const CALLS = [{ name: 'f', arguments: '{}' }];

  test.each<[string, unknown, { answer?: string; reasoning?: string; toolCalls?: unknown }]>([
    ['content as an object', { content: { type: 'text', text: 'Hi' } }, { answer: 'Hi' }],
    ['content as an object of objects', { content: { text: { value: 'Hi' } } }, { answer: 'Hi' }],
    ['content as a list of texts', { content: ['H', 'i'] }, { answer: 'Hi' }],
    ['content as a list of lists', { content: [[{ text: 'Hi' }]] }, { answer: 'Hi' }],
    ['content as a number', { content: 42 }, { answer: '42' }],
    ['a refusal as an object', { refusal: { text: 'No' } }, { answer: 'No' }],
    ['a refusal as a list', { refusal: [{ refusal: 'No' }] }, { answer: 'No' }],
    ['reasoning as an object', { reasoning: { content: 'Hm' } }, { reasoning: 'Hm' }],
    ['reasoning as a list', { reasoning_content: [{ type: 'text', text: 'Hm' }] }, { reasoning: 'Hm' }],
    ['reasoning_details as an object', { reasoning_details: { text: 'Hm' } }, { reasoning: 'Hm' }],
    ['tool_calls as an object', { tool_calls: call }, { toolCalls: CALLS }],
    ['tool_calls by number', { tool_calls: { 0: call } }, { toolCalls: CALLS }],
    ['a call without function', { tool_calls: [{ name: 'f', arguments: '{}' }] }, { toolCalls: CALLS }],
    ['a call with a list', { tool_calls: [{ id: 'a', function: [call.function] }] }, { toolCalls: CALLS }],
    [
      'arguments as an object',
      { tool_calls: [{ id: 'a', function: { name: 'f', arguments: { x: 1 } } }] },
      { toolCalls: [{ name: 'f', arguments: '{"x":1}' }] },
    ],
    [
      'a custom tool',
      { tool_calls: [{ id: 'a', custom: { name: 'f', input: 'ls' } }] },
      { toolCalls: [{ name: 'f', arguments: 'ls' }] },
    ],
    ['function_call as a list', { function_call: [call.function] }, { toolCalls: CALLS }],
    ['one call', { tool_call: call }, { toolCalls: CALLS }],
    ['calls in camels', { toolCalls: [call] }, { toolCalls: CALLS }],
    ['a function in camels', { functionCall: call.function }, { toolCalls: CALLS }],
    ['blocks of thinking', { thinking_blocks: [{ type: 'thinking', thinking: 'Hm' }] }, { reasoning: 'Hm' }],
    [
      'a thought by Google’s mark',
      { content: 'Hm', extra_content: { google: { thought: true } } },
      { answer: '', reasoning: 'Hm' },
    ],
    ['a delta that is text', 'Hi', { answer: 'Hi' }],
    ['a picture', { images: [{ image_url: { url: 'data:image/png;base64,A' } }] }, {}],
    ['a picture in the content', { content: [{ type: 'image_url', image_url: { url: 'x' } }] }, {}],
  ])('%s', (_, fields, expected) => {
    const result = stream([delta({ role: 'assistant', content: '' }), delta(fields), delta({}, 'stop')]);
    expect(result).toMatchObject({ outcome: { kind: 'ok' }, ttftMs: 2, chunks: 1, ...expected });
    const message = { choices: [{ index: 0, message: fields, finish_reason: 'stop' }] };
    const read = readBlockingAnswer({ status: 200, headers: {}, bodyText: JSON.stringify(message) });
    expect(read).toMatchObject({ outcome: { kind: 'ok' }, ...expected });
  });

  test.each<[string, unknown]>([
    ['choices as an object', { choices: { index: 0, delta: { content: 'Hi' }, finish_reason: 'stop' } }],
    ['choices by number', { choices: { 0: { index: 0, delta: { content: 'Hi' }, finish_reason: 'stop' } } }],
    ['text and delta', { choices: [{ text: 'Hi', delta: { content: 'Hi' }, finish_reason: 'stop' }] }],
    ['text and an empty delta', { choices: [{ text: 'Hi', delta: {}, finish_reason: 'stop' }] }],
    ['text and message', { choices: [{ text: 'Hi', message: { content: 'Hi' }, finish_reason: 'stop' }] }],
  ])('%s', (_, event) => {
    expect(stream([event])).toMatchObject({ outcome: { kind: 'ok' }, answer: 'Hi', chunks: 1 });
  });

  test.each<[string, unknown]>([
    ['nothing', {}],
    ['nulls', { content: null, refusal: null, tool_calls: null, reasoning: null }],
    ['empty lists and objects', { content: [], refusal: {}, tool_calls: {}, reasoning: [] }],
    ['a call with an id alone', { tool_calls: [{ index: 0, id: 'a', type: 'function' }] }],
    ['a signature', { tool_calls: [{ extra_content: { google: { thought_signature: 'A' } } }] }],
    ['flags', { content: false, reasoning: true }],
  ])('%s starts no time', (_, fields) => {
    expect(stream([delta(fields), delta({ content: 'Hi' }), delta({}, 'stop')]).ttftMs).toBe(2);
  });
});

describe('output of the Responses API', () => {
  const DONE = { type: 'response.completed', response: { status: 'completed' } };

  test.each<[string, unknown, { answer?: string; reasoning?: string; toolCalls?: unknown }]>([
    [
      'a custom tool’s input',
      { type: 'response.custom_tool_call_input.delta', delta: 'ls' },
      { toolCalls: [{ name: '', arguments: 'ls' }] },
    ],
    [
      'an interpreter’s code',
      { type: 'response.code_interpreter_call_code.delta', delta: '1+1' },
      { toolCalls: [{ name: '', arguments: '1+1' }] },
    ],
    [
      'MCP’s arguments',
      { type: 'response.mcp_call_arguments.delta', delta: '{}' },
      { toolCalls: [{ name: '', arguments: '{}' }] },
    ],
    [
      'MCP’s arguments as an object',
      { type: 'response.mcp_call.arguments.delta', delta: { x: 1 } },
      { toolCalls: [{ name: '', arguments: '{"x":1}' }] },
    ],
    [
      'a shell’s command',
      { type: 'response.shell_call_command.delta', delta: 'ls' },
      { toolCalls: [{ name: '', arguments: 'ls' }] },
    ],
    ['text as an object', { type: 'response.output_text.delta', delta: { text: 'Hi' } }, { answer: 'Hi' }],
    ['what is not known yet', { type: 'response.poem.delta', delta: 'Hi' }, { answer: 'Hi' }],
    ['reasoning', { type: 'response.reasoning.delta', delta: 'Hm' }, { reasoning: 'Hm' }],
    ['a summary', { type: 'response.reasoning_summary_text.delta', delta: 'Hm' }, { reasoning: 'Hm' }],
    ['sound', { type: 'response.output_audio.delta', delta: 'UklG' }, { answer: '' }],
    ['a picture', { type: 'response.image_generation_call.partial_image', partial_image_b64: 'A' }, {}],
  ])('%s', (_, event, expected) => {
    const begin = { type: 'response.created', response: { status: 'in_progress' } };
    expect(stream([begin, event, DONE])).toMatchObject({
      outcome: { kind: 'ok' },
      ttftMs: 2,
      chunks: 1,
      finishReason: 'completed',
      ...expected,
    });
  });

  test.each<[string, unknown, unknown]>([
    ['a custom tool', { type: 'custom_tool_call', name: 'f', input: 'ls' }, [{ name: 'f', arguments: 'ls' }]],
    ['an interpreter', { type: 'code_interpreter_call', code: '1+1' }, [{ name: '', arguments: '1+1' }]],
    ['MCP', { type: 'mcp_call', name: 'f', arguments: '{}' }, [{ name: 'f', arguments: '{}' }]],
    [
      'a shell',
      { type: 'shell_call', action: { commands: ['ls'] } },
      [{ name: '', arguments: '{"commands":["ls"]}' }],
    ],
  ])('a whole answer that calls %s', (_, item, toolCalls) => {
    const body = { object: 'response', status: 'completed', output: [item] };
    const read = readBlockingAnswer({ status: 200, headers: {}, bodyText: JSON.stringify(body) });
    expect(read).toMatchObject({ outcome: { kind: 'ok' }, toolCalls });
  });

  test('that came in no delta is read from the end', () => {
    const output = [{ type: 'message', content: [{ type: 'output_text', text: 'Hi' }] }];
    const end = { type: 'response.completed', response: { status: 'completed', output } };
    expect(stream([end])).toMatchObject({ outcome: { kind: 'ok' }, answer: 'Hi', ttftMs: 1 });
    const both = stream([{ type: 'response.output_text.delta', delta: 'Hi' }, end]);
    expect(both).toMatchObject({ answer: 'Hi', chunks: 1 });
  });

  test.each([
    ['failed', 'stream_error'],
    ['cancelled', 'stream_error'],
  ])('a response that was %s is a failure', (status, kind) => {
    const event = { type: `response.${status}`, response: { status } };
    const { outcome } = stream([{ type: 'response.output_text.delta', delta: 'Hi' }, event]);
    expect(outcome).toMatchObject({ kind: 'failed', error: kind });
  });
});
