import type { AnswerState } from '../answer-state.ts';
import { isRecord } from '../../parse/is-record.ts';
import { findError } from '../failure/error-body.ts';

/**
 * Reads one event of Anthropic's Messages stream (docs.anthropic.com, streaming, 2026-11), or a whole blocking
 * message. Its end mark is `message_stop`; a stop_reason alone ends nothing.
 */
export function readAnthropic(body: Record<string, unknown>, state: AnswerState): void {
  switch (body['type']) {
    case 'message_start':
      if (isRecord(body['message'])) readMessage(body['message'], state);
      return;
    case 'message':
      readMessage(body, state);
      if (typeof body['stop_reason'] === 'string') state.stop();
      return;
    case 'content_block_start':
      readBlock(body['content_block'], indexOf(body), state);
      return;
    case 'content_block_delta':
      if (isRecord(body['delta'])) readDelta(body['delta'], indexOf(body), state);
      return;
    case 'message_delta':
      if (isRecord(body['delta'])) readStopReason(body['delta'], state);
      state.addUsage(body['usage']);
      return;
    case 'message_stop':
      state.stop();
      return;
    case 'error': {
      const error = findError(body);
      if (error !== null) state.addError(error);
    }
  }
}

function readMessage(message: Record<string, unknown>, state: AnswerState): void {
  state.addModel(message['model']);
  state.addUsage(message['usage']);
  readStopReason(message, state);
  const content: unknown = message['content'];
  if (Array.isArray(content)) content.forEach((block: unknown, index) => readBlock(block, index, state));
}

function readStopReason(holder: Record<string, unknown>, state: AnswerState): void {
  const reason = holder['stop_reason'];
  if (typeof reason === 'string' && reason !== '') state.setReason(reason);
}

/** A block as a whole, or its start: text and thinking are empty there, a tool's name is not. */
function readBlock(block: unknown, index: number, state: AnswerState): void {
  if (!isRecord(block)) return;
  const { name, input, id, data } = block;
  readDelta(block, index, state);
  if (typeof data === 'string' && data !== '') state.addOutput('reasoning', 'data');
  if (typeof name !== 'string') return;
  const whole = isRecord(input) && Object.keys(input).length > 0 ? JSON.stringify(input) : '';
  addTool(state, { index, id: typeof id === 'string' ? id : '', name, arguments: whole });
}

function readDelta(delta: Record<string, unknown>, index: number, state: AnswerState): void {
  const { text, thinking } = delta;
  const partialJson = delta['partial_json'];
  if (typeof text === 'string' && text !== '') state.addText('answer', { choice: 0, key: 'text', text });
  if (typeof thinking === 'string' && thinking !== '') {
    state.addText('reasoning', { choice: 0, key: 'thinking', text: thinking });
  }
  if (typeof partialJson === 'string') addTool(state, { index, id: '', name: '', arguments: partialJson });
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
