import type { AnswerState } from '../../answer/answer-state.ts';
import { addPieces, argumentsText } from '../../answer/wire/pieces.ts';
import { isRecord } from '../../parse/json.ts';
import type { AnswerForm } from '../answer-form.ts';

/** Anthropic's: each event, and a whole message, names its `type`. */
export const MESSAGES_ANSWER: AnswerForm = {
  isOf: ({ type, choices }) => typeof type === 'string' && choices === undefined,
  read: readEvent,
  hasPlace: ({ content }) => Array.isArray(content),
};

/**
 * Reads one event of Anthropic's Messages stream (docs.anthropic.com, streaming, 2026-11), or a whole blocking
 * message. Its end mark is `message_stop`; a stop_reason alone ends nothing.
 */
function readEvent(body: Record<string, unknown>, state: AnswerState): void {
  switch (body['type']) {
    case 'message_start':
      if (isRecord(body['message'])) readMessage(body['message'], state);
      return;
    case 'message':
      readMessage(body, state);
      if (body['stop_reason'] !== null && body['stop_reason'] !== undefined) state.stop();
      return;
    case 'content_block_start':
      readBlock(body['content_block'], indexOf(body), state);
      return;
    case 'content_block_delta':
      if (isRecord(body['delta'])) readDelta(body['delta'], indexOf(body), state);
      return;
    case 'message_delta':
      if (isRecord(body['delta'])) state.setReason(body['delta']['stop_reason']);
      state.addUsage(body['usage']);
      return;
    case 'message_stop':
      state.stop();
  }
}

function readMessage(message: Record<string, unknown>, state: AnswerState): void {
  state.addModel(message['model']);
  state.addUsage(message['usage']);
  state.setReason(message['stop_reason']);
  const content: unknown = message['content'];
  const blocks: readonly unknown[] = Array.isArray(content) ? content : [content];
  blocks.forEach((block, index) => readBlock(block, index, state));
}

/** A block as a whole, or its start: text and thinking are empty there, a tool's name is not. */
function readBlock(block: unknown, index: number, state: AnswerState): void {
  if (typeof block === 'string') addPieces(state, 'answer', { choice: 0, key: 'text', value: block });
  if (!isRecord(block)) return;
  const { type, name, input, id, to } = block;
  if (type === 'fallback' && isRecord(to)) {
    // The model asked for gave up: another one answers, at its own price.
    state.marks += 1;
    state.replaceModel(to['model']);
    return;
  }
  readDelta(block, index, state);
  if (typeof name !== 'string') return;
  addTool(state, { index, id: typeof id === 'string' ? id : '', name, arguments: argumentsText(input) });
}

function readDelta(delta: Record<string, unknown>, index: number, state: AnswerState): void {
  const { type, text, thinking, signature, data } = delta;
  addPieces(state, 'answer', { choice: 0, key: 'text', value: text });
  addPieces(state, 'reasoning', { choice: 0, key: 'thinking', value: thinking });
  const isBlob = [signature, type === 'redacted_thinking' ? data : null].some(
    (blob) => typeof blob === 'string' && blob !== '',
  );
  if (isBlob) state.addHiddenReasoning();
  const partialJson = argumentsText(delta['partial_json']);
  if (partialJson !== '') addTool(state, { index, id: '', name: '', arguments: partialJson });
}

function addTool(
  state: AnswerState,
  piece: { index: number; id: string; name: string; arguments: string },
): void {
  state.addToolCall({ choice: 0, ...piece }, 'partial_json');
}

function indexOf(body: Record<string, unknown>): number {
  return typeof body['index'] === 'number' ? body['index'] : 0;
}
