import { expect, test } from 'vitest';
import type { JsonRecord } from '../../lib/prompts/session/session.ts';
import { UNKNOWN_USAGE } from '../../lib/answer/attempt.ts';
import type { ToolCall } from '../../lib/answer/tool-calls.ts';
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
  [{ input: [USER], previous_response_id: 'resp_1' }, true],
  [{ input: [USER], conversation: { id: 'conv_1' } }, true],
  [{ input: [USER], background: true }, true],
  [{ prompt: { id: 'pmpt_1' } }, true],
  [{ input: [{ type: 'item_reference', id: 'rs_1' }] }, true],
])('%j goes on from what the server keeps: %s', (body, isKept) => {
  expect(isKeptByServer(body)).toBe(isKept);
});
