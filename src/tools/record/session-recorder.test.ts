import type { JsonRecord } from '../../lib/parse/json.ts';
import { expect, test } from 'vitest';
import { UNKNOWN_USAGE } from '../../lib/answer/attempt.ts';
import type { ToolCall } from '../../lib/answer/tool-calls.ts';
import { outputItemsIn, responseIdIn } from './followed-responses.ts';
import { isKeptByServer } from './recorded-kinds.ts';
import { SessionRecorder } from './session-recorder.ts';

const CALLS: ToolCall[] = [
  { id: 'call_a', name: 'look_up', arguments: '{"q":"fern"}' },
  { id: 'call_b', name: 'look_up', arguments: '{"q":"moss"}' },
];
const USER = { role: 'user', content: 'Look both up, Mr Quillwort.' };
const THOUGHT = {
  type: 'reasoning',
  id: 'rs_1',
  summary: [{ type: 'summary_text', text: 'Two calls then.' }],
};
const SEALED = { type: 'reasoning', id: 'rs_2', summary: [], encrypted_content: 'gAAAAB' };
const SAID = {
  id: 'msg_1',
  type: 'message',
  role: 'assistant',
  content: [{ type: 'output_text', text: 'I do.', annotations: [] }],
};
const CALLED = CALLS.map(({ id, ...call }) => ({
  id: `fc_${id}`,
  type: 'function_call',
  call_id: id,
  ...call,
}));
const RESULTS = CALLS.map(({ id }) => ({
  type: 'function_call_output',
  call_id: id,
  output: 'Green all year.',
}));

function recorderOf(keepsContent: boolean) {
  const recorder = new SessionRecorder({ keepsContent, redact: [] });
  let atMs = 0;
  const ask = (input: unknown, text: string, toolCalls: readonly ToolCall[] = []): JsonRecord => {
    const body = { model: 'm', instructions: 'Botany alone.', input };
    const pending = recorder.begin('responses', body, { atMs: (atMs += 10), secrets: [] })!;
    return JSON.parse(
      recorder.finish(pending, { text, toolCalls, usage: UNKNOWN_USAGE, endMs: (atMs += 5) }),
    ) as JsonRecord;
  };
  return { recorder, ask };
}

test.each([
  ['with its thoughts', [THOUGHT, SAID, ...CALLED]],
  ['without them', [SAID, ...CALLED]],
])('an answer of several items that is sent again %s goes on from it, as the client has it', (_, echo) => {
  const { ask } = recorderOf(true);
  ask([USER], 'I do.', CALLS);
  const later = [...echo, ...RESULTS];
  expect(ask([USER, ...later], 'Both are green.')).toMatchObject({
    session: 's1',
    parent: '1',
    keep: 2,
    messages: later,
  });
  const question = { role: 'user', content: 'Sure?' };
  expect(
    ask([USER, ...later, { role: 'assistant', content: 'Both are green.' }, question], 'Yes.'),
  ).toMatchObject({
    session: 's1',
    parent: '2',
    messages: [question],
  });
});

test('other instructions are another conversation', () => {
  const { recorder, ask } = recorderOf(true);
  ask([USER], 'I do.');
  const body = { model: 'm', instructions: 'Zoology.', input: [USER, SAID, USER] };
  expect(recorder.begin('responses', body, { atMs: 99, secrets: [] })?.place.parent).toBeNull();
});

test('without content every item has its place, and nothing that was said is in one', () => {
  const { recorder, ask } = recorderOf(false);
  ask([USER], 'I do.', CALLS);
  const line = ask([USER, THOUGHT, SEALED, SAID, ...CALLED, ...RESULTS], 'Both are green.');
  const text = expect.objectContaining({ $text: expect.any(Array) });
  const call = (id: string) => ({
    type: 'function_call',
    call_id: id,
    name: 'tool_1',
    arguments: { $json: expect.any(Array) },
  });
  expect(line['messages']).toEqual([
    { role: 'assistant', content: text },
    { role: 'assistant', content: text },
    { role: 'assistant', content: [{ type: 'output_text', text }] },
    call('call_1'),
    call('call_2'),
    { type: 'function_call_output', call_id: 'call_1', output: text },
    { type: 'function_call_output', call_id: 'call_2', output: text },
  ]);
  expect(recorder.otherParts).toBe(1);
  expect(JSON.stringify(line)).not.toMatch(/Two|gAAAAB|look_up|fern|Green|Quillwort|Botany|msg_|rs_|fc_/);
});

test.each<[JsonRecord, boolean]>([
  [{ input: 'x' }, false],
  [{ input: [USER], previous_response_id: null, background: false }, false],
  [{ input: [USER], conversation: { id: 'conv_1' } }, true],
  [{ input: [USER], background: true }, true],
  [{ prompt: { id: 'pmpt_1' } }, true],
])('%j goes on from what the server keeps: %s', (body, isKept) => {
  expect(isKeptByServer(body)).toBe(isKept);
});

test('what goes on from an answer that the server keeps is read as if the client had sent all of it', () => {
  const { recorder } = recorderOf(true);
  const ask = (more: JsonRecord, responseId: string, calls: readonly ToolCall[] = []): JsonRecord => {
    const body = { model: 'm', instructions: 'Botany alone.', tools: [], ...more };
    expect(recorder.knowsWhatItGoesOnFrom(body)).toBe(true);
    const pending = recorder.begin('responses', body, { atMs: 1, secrets: [] })!;
    const answer = { text: calls.length > 0 ? '' : 'Green.', toolCalls: calls, usage: UNKNOWN_USAGE };
    return JSON.parse(recorder.finish(pending, { ...answer, endMs: 2, responseId })) as JsonRecord;
  };
  ask({ input: 'Look both up.' }, 'r1', CALLS);
  const second = ask({ input: RESULTS, previous_response_id: 'r1' }, 'r2');
  const third = ask({ input: 'And ivy?', previous_response_id: 'r2' }, 'r3');
  const branch = ask({ input: 'And oak?', previous_response_id: 'r2' }, 'r4');
  const calls = CALLS.map(({ id, ...call }) => ({ type: 'function_call', call_id: id, ...call }));
  // Several items of an answer stand with the results that follow them.
  expect(second).toMatchObject({ session: 's1', parent: '1', keep: 2, messages: [...calls, ...RESULTS] });
  expect(third).toMatchObject({
    session: 's1',
    parent: '2',
    messages: [{ role: 'user', content: 'And ivy?' }],
  });
  expect(branch).toMatchObject({
    session: 's1',
    parent: '2',
    messages: [{ role: 'user', content: 'And oak?' }],
  });
  expect([third['keep'], branch['keep'], third['fields']]).toEqual([undefined, undefined, undefined]);
  expect(JSON.stringify([second, third, branch])).not.toContain('previous_response_id');
});

test.each([undefined, 'Zoology alone.'])(
  'what goes on by id with other instructions (%j) stays in its conversation, and says all of it',
  (instructions) => {
    const { recorder } = recorderOf(true);
    const ask = (body: JsonRecord, responseId: string): JsonRecord => {
      const pending = recorder.begin('responses', body, { atMs: 1, secrets: [] })!;
      const answer = { text: 'Green.', toolCalls: [], usage: UNKNOWN_USAGE, endMs: 2, responseId };
      return JSON.parse(recorder.finish(pending, answer)) as JsonRecord;
    };
    ask({ instructions: 'Botany alone.', input: 'Ivy?' }, 'r1');
    const more = instructions === undefined ? {} : { instructions };
    const second = ask({ ...more, input: 'Oak?', previous_response_id: 'r1' }, 'r2');
    const told =
      instructions === undefined ? [] : [{ type: 'instructions', role: 'system', content: instructions }];
    expect(second).toMatchObject({ session: 's1', parent: '1', keep: 0 });
    expect(second['messages']).toEqual([
      ...told,
      { role: 'user', content: 'Ivy?' },
      { role: 'assistant', content: 'Green.' },
      { role: 'user', content: 'Oak?' },
    ]);
    const third = ask({ ...more, input: 'Elm?', previous_response_id: 'r2' }, 'r3');
    expect(third).toMatchObject({ session: 's1', parent: '2', messages: [{ content: 'Elm?' }] });
    expect(recorder.sessions).toBe(1);
  },
);

test('a conversation whose requests all fail is none', () => {
  const { recorder, ask } = recorderOf(true);
  recorder.drop(recorder.begin('responses', { input: 'Ivy?' }, { atMs: 1, secrets: [] })!);
  expect(ask('Oak?', 'Green.')).toMatchObject({ session: 's1' });
  expect(recorder.sessions).toBe(1);
});

test('nothing is made up of an answer that did not pass by, or that was not to be kept', () => {
  const { recorder } = recorderOf(true);
  const pending = recorder.begin('responses', { input: 'Hi', store: false }, { atMs: 1, secrets: [] })!;
  recorder.finish(pending, { text: 'Ho', toolCalls: [], usage: UNKNOWN_USAGE, endMs: 2, responseId: 'r1' });
  for (const previous of ['r1', 'r9', 7])
    expect(recorder.knowsWhatItGoesOnFrom({ input: 'And?', previous_response_id: previous })).toBe(false);
  for (const previous of [null, '', undefined])
    expect(recorder.knowsWhatItGoesOnFrom({ input: 'And?', previous_response_id: previous })).toBe(true);
});

test.each([
  ['a body', JSON.stringify({ output: [THOUGHT, SAID, ...CALLED] })],
  [
    'a stream',
    [THOUGHT, SAID, ...CALLED]
      .map((item) => `event: x\ndata: ${JSON.stringify({ type: 'response.output_item.done', item })}\n\n`)
      .join(''),
  ],
])('items that a client only names are in their place, as %s told them', (_, text) => {
  const { recorder } = recorderOf(true);
  const answer = { text: 'I do.', toolCalls: CALLS, usage: UNKNOWN_USAGE, endMs: 2, responseId: 'r1' };
  const first = recorder.begin('responses', { input: [USER] }, { atMs: 1, secrets: [] })!;
  recorder.finish(first, { ...answer, outputItems: outputItemsIn(text) });
  const name = (id: string): JsonRecord => ({ type: 'item_reference', id });
  const named = ['rs_1', 'msg_1', 'fc_call_a', 'fc_call_b'].map(name);
  const body = { input: [USER, ...named, ...RESULTS] };
  expect(recorder.knowsWhatItGoesOnFrom(body)).toBe(true);
  const second = recorder.begin('responses', body, { atMs: 3, secrets: [] })!;
  expect(JSON.parse(recorder.finish(second, { ...answer, responseId: 'r2' }))).toMatchObject({
    session: 's1',
    parent: '1',
    messages: [THOUGHT, SAID, ...CALLED, ...RESULTS],
  });
  expect(recorder.knowsWhatItGoesOnFrom({ input: [USER, name('msg_elsewhere')] })).toBe(false);
});

test.each<[string, string, string | null]>([
  ['a body', '{"id":"resp_1","object":"response","output":[{"id":"msg_1"}]}', 'resp_1'],
  ['a body that names it late', '{"output":[{"id":"msg_1"}],"id":"resp_1"}', 'resp_1'],
  [
    'a stream',
    'event: response.created\ndata: {"type":"response.created","response":{"object":"response","id":"resp_2","out',
    'resp_2',
  ],
  ['a stream of something else', 'data: {"id":"chatcmpl-1","choices":[]}\n\n', null],
  ['a body without', '{"object":"response"}', null],
  ['nothing', '', null],
])('the id of an answer is read from %s', (_, text, id) => {
  expect(responseIdIn(text)).toBe(id);
});
