import type { AnswerState } from '../answer-state.ts';
import { isRecord } from '../../parse/is-record.ts';
import { findError } from '../failure/error-body.ts';

/** Events whose `delta` is output, and of which channel (OpenAI's API reference, Responses streaming, 2026-11). */
const TEXT_DELTAS: Readonly<Record<string, 'answer' | 'reasoning'>> = {
  'response.output_text.delta': 'answer',
  'response.refusal.delta': 'answer',
  'response.audio.transcript.delta': 'answer',
  'response.reasoning_text.delta': 'reasoning',
  'response.reasoning_summary_text.delta': 'reasoning',
};

/** Reads one event of OpenAI's Responses stream. It ends with `response.completed` or `response.incomplete`. */
export function readResponsesEvent(body: Record<string, unknown>, state: AnswerState): void {
  const { type, response, delta, item } = body;
  const channel = typeof type === 'string' ? TEXT_DELTAS[type] : undefined;
  if (channel !== undefined) {
    if (typeof delta === 'string' && delta !== '')
      state.addText(channel, { choice: 0, key: 'delta', text: delta });
    return;
  }
  if (isRecord(response)) readState(response, state);
  switch (type) {
    case 'response.output_item.added':
      if (isRecord(item)) readItem(item, body, state);
      return;
    case 'response.function_call_arguments.delta':
      addTool(state, { body, id: '', name: '', arguments: delta });
      return;
    case 'response.completed':
    case 'response.incomplete':
      state.stop();
      return;
    case 'response.failed':
      state.addError({ code: null, type: null, message: 'the response failed' });
  }
}

/** Reads a whole blocking response. */
export function readResponse(body: Record<string, unknown>, state: AnswerState): void {
  readState(body, state);
  const output: unknown = body['output'];
  for (const item of Array.isArray(output) ? (output as readonly unknown[]) : []) {
    if (isRecord(item)) readItem(item, {}, state);
  }
  const { status } = body;
  if (status === 'completed' || status === 'incomplete') state.stop();
}

function readState(response: Record<string, unknown>, state: AnswerState): void {
  const error = findError(response);
  if (error !== null) state.addError(error);
  state.addModel(response['model']);
  state.addUsage(response['usage']);
  const { status } = response;
  const details = response['incomplete_details'];
  if (status === 'completed') state.setReason('completed');
  if (status === 'incomplete') {
    const reason = isRecord(details) ? details['reason'] : null;
    state.setReason(typeof reason === 'string' ? reason : 'incomplete');
  }
}

/** An item of the output: a message's parts, a tool call, reasoning. */
function readItem(item: Record<string, unknown>, event: Record<string, unknown>, state: AnswerState): void {
  const { name } = item;
  if (typeof name === 'string') {
    const id = item['id'] ?? item['call_id'];
    addTool(state, { body: event, id: typeof id === 'string' ? id : '', name, arguments: item['arguments'] });
  }
  const channel = item['type'] === 'reasoning' ? 'reasoning' : 'answer';
  for (const list of [item['summary'], item['content']]) {
    for (const part of Array.isArray(list) ? (list as readonly unknown[]) : []) {
      if (!isRecord(part)) continue;
      for (const key of ['text', 'refusal']) {
        const text = part[key];
        if (typeof text === 'string' && text !== '') state.addText(channel, { choice: 0, key, text });
      }
    }
  }
}

function addTool(
  state: AnswerState,
  piece: { body: Record<string, unknown>; id: string; name: string; arguments: unknown },
): void {
  const index = piece.body['output_index'];
  const call = {
    choice: 0,
    index: typeof index === 'number' ? index : null,
    id: piece.id,
    name: piece.name,
    arguments: typeof piece.arguments === 'string' ? piece.arguments : '',
  };
  state.addToolCall(call, 'delta');
}
