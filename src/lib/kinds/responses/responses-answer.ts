import { type AnswerState, SUMMARY_KEY } from '../../answer/answer-state.ts';
import { findError } from '../../answer/failure/error-body.ts';
import { addPieces, argumentsText } from '../../answer/wire/pieces.ts';
import { isRecord } from '../../parse/json.ts';
import type { AnswerForm } from '../answer-form.ts';

/** The Responses API's: a whole one says what it is, and so does the type of each event. */
export const RESPONSES_ANSWER: AnswerForm = {
  isOf: (body) => isWhole(body) || (body['choices'] === undefined && isEventType(body['type'])),
  read: (body, state) => (isWhole(body) ? readResponse : readEvent)(body, state),
  hasPlace: ({ output }) => Array.isArray(output),
};

function isWhole({ object, output }: Readonly<Record<string, unknown>>): boolean {
  return object === 'response' || (object === undefined && Array.isArray(output));
}

function isEventType(type: unknown): boolean {
  return typeof type === 'string' && type.startsWith('response.');
}

/** `response.output_text.delta`: an event that brings a piece of something. The list of them grows, so it is open. */
const DELTA = /^response\.(.+)\.delta$/;
const REASONING = /reasoning|thinking/;
/** Arguments, a custom tool's input, an interpreter's code, MCP's arguments, a shell's commands, a patch. */
const TOOL = /call|arguments|input|code|command|patch|diff/;
/** Sound as it is played, a picture as it is drawn: output without text. */
const MEDIA = /(^|_)audio$|image/;
/** An item's own fields that hold what a tool is asked to do. */
const ARGUMENT_KEYS = ['arguments', 'input', 'code', 'action', 'operation'];

/** Reads one event of OpenAI's Responses stream. It ends with `response.completed` or `response.incomplete`. */
function readEvent(body: Record<string, unknown>, state: AnswerState): void {
  const { response, item } = body;
  const type = String(body['type']);
  const name = DELTA.exec(type)?.[1];
  if (name !== undefined) {
    readDelta(name, body, state);
    return;
  }
  if (isRecord(response)) readState(response, state);
  switch (type) {
    case 'response.output_item.added':
      if (isRecord(item)) readItem(item, body, state);
      return;
    case 'response.image_generation_call.partial_image':
      state.addOutput('answer', 0);
      return;
    case 'response.completed':
    case 'response.incomplete':
    case 'response.done':
      if (isRecord(response) && !state.hasOutput) readOutput(response, state);
      state.stop();
      return;
    case 'response.failed':
      state.addError({ code: null, type: null, message: 'the response failed' });
      return;
    case 'response.cancelled':
      state.addError({ code: null, type: null, message: 'the response was cancelled' });
  }
}

function readDelta(name: string, body: Record<string, unknown>, state: AnswerState): void {
  const value = body['delta'];
  if (REASONING.test(name)) {
    const key = name.includes('summary') ? SUMMARY_KEY : 'delta';
    // The template of such an event knows it by the key under which its text stands.
    if (key === SUMMARY_KEY) state.marks += 1;
    addPieces(state, 'reasoning', { choice: 0, key, value });
  } else if (TOOL.test(name)) {
    addTool(state, { body, id: '', name: '', arguments: argumentsText(value) });
  } else if (MEDIA.test(name)) {
    if (typeof value === 'string' && value !== '') state.addOutput('answer', 0);
  } else addPieces(state, 'answer', { choice: 0, key: 'delta', value });
}

/** Reads a whole blocking response. */
function readResponse(body: Record<string, unknown>, state: AnswerState): void {
  readState(body, state);
  readOutput(body, state);
  const { status } = body;
  if (status === 'completed' || status === 'incomplete') state.stop();
}

function readOutput({ output }: Record<string, unknown>, state: AnswerState): void {
  state.marks += 1;
  for (const item of Array.isArray(output) ? (output as readonly unknown[]) : []) {
    if (isRecord(item)) readItem(item, {}, state);
  }
}

function readState(response: Record<string, unknown>, state: AnswerState): void {
  const error = findError(response);
  if (error !== null) state.addError(error);
  state.addModel(response['model']);
  state.addServiceTier(response['service_tier']);
  state.addUsage(response['usage']);
  const { status } = response;
  const details = response['incomplete_details'];
  const reason = isRecord(details) ? details['reason'] : null;
  state.setReason(status === 'incomplete' ? (reason ?? 'incomplete') : status);
}

/** An item of the output: a message's parts, a tool call, reasoning. */
function readItem(item: Record<string, unknown>, event: Record<string, unknown>, state: AnswerState): void {
  const type = typeof item['type'] === 'string' ? item['type'] : '';
  const name = typeof item['name'] === 'string' ? item['name'] : '';
  state.addCallRate(type);
  const asked = ARGUMENT_KEYS.map((key) => argumentsText(item[key])).find((text) => text !== '') ?? '';
  if (name !== '' || (type.endsWith('_call') && asked !== '')) {
    // The result of a call is sent under its `call_id`; `id` is that of the item.
    const id = item['call_id'] ?? item['id'];
    addTool(state, { body: event, id: typeof id === 'string' ? id : '', name, arguments: asked });
  }
  const blob = item['encrypted_content'];
  if (typeof blob === 'string' && blob !== '') state.addHiddenReasoning();
  const channel = type === 'reasoning' ? 'reasoning' : 'answer';
  addPieces(state, channel, { choice: 0, key: SUMMARY_KEY, value: item['summary'] });
  addPieces(state, channel, { choice: 0, key: 'text', value: item['content'] });
  const picture = item['result'];
  if (type === 'image_generation_call' && typeof picture === 'string' && picture !== '') {
    state.addOutput('answer', 0);
  }
}

function addTool(
  state: AnswerState,
  piece: { body: Record<string, unknown>; id: string; name: string; arguments: string },
): void {
  const index = piece.body['output_index'];
  const call = {
    choice: 0,
    index: typeof index === 'number' ? index : null,
    id: piece.id,
    name: piece.name,
    arguments: piece.arguments,
  };
  state.addToolCall(call, 'delta');
}
