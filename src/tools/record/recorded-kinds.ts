import { type JsonRecord, isRecord } from '../../lib/parse/json.ts';
import type { SessionKind } from '../../lib/prompts/session/session-kinds.ts';
import type { ToolCall } from '../../lib/answer/tool-calls.ts';
import { argumentsObject } from './without-content.ts';

/** The messages of a body, a system text that stands apart in front; null: it has none. */
export function messagesIn(kind: SessionKind, body: JsonRecord): JsonRecord[] | null {
  const { messages, system, input, instructions } = body;
  if (kind === 'responses') {
    const items = typeof input === 'string' ? [{ role: 'user', content: input }] : listOf(input);
    const isTold = typeof instructions === 'string' && instructions !== '';
    // Beside it, items may have the role `system` themselves.
    const told = { type: 'instructions', role: 'system', content: instructions };
    return items === null || !isTold ? items : [told, ...items];
  }
  const list = listOf(messages);
  return list === null || system === undefined || system === null
    ? list
    : [{ role: 'system', content: system }, ...list];
}

function listOf(value: unknown): JsonRecord[] | null {
  return Array.isArray(value) && value.length > 0 && value.every(isRecord) ? value : null;
}

/**
 * Whether what a request says is in part on the server, where no recording sees it, or is answered there later. An earlier
 * answer or item that it names (`previous_response_id`, `item_reference`) may have passed by: followed-responses.ts.
 */
export function isKeptByServer({ conversation, prompt, background }: JsonRecord): boolean {
  const isGiven = (value: unknown): boolean => value !== undefined && value !== null;
  return [conversation, prompt].some(isGiven) || background === true;
}

/** An answer as a client sends it again: a message, or in Responses so many items. */
export function answerItems(
  kind: SessionKind,
  { text, toolCalls }: { text: string; toolCalls: readonly ToolCall[] },
): JsonRecord[] {
  switch (kind) {
    case 'chat':
      return [chatAnswer(text, toolCalls)];
    case 'messages': {
      const uses = toolCalls.map(({ id, name, arguments: given }) => ({
        type: 'tool_use',
        id,
        name,
        input: argumentsObject(given),
      }));
      return [{ role: 'assistant', content: [...(text === '' ? [] : [{ type: 'text', text }]), ...uses] }];
    }
    case 'responses': {
      const calls = toolCalls.map(({ id, name, arguments: given }) => ({
        type: 'function_call',
        call_id: id,
        name,
        arguments: given,
      }));
      return text === '' && calls.length > 0 ? calls : [{ role: 'assistant', content: text }, ...calls];
    }
  }
}

/** Items as one message, where there are several. */
export function chatAnswer(text: string, toolCalls: readonly ToolCall[]): JsonRecord {
  const calls = toolCalls.map(({ id, name, arguments: given }) => ({
    id,
    type: 'function',
    function: { name, arguments: given },
  }));
  return {
    role: 'assistant',
    content: text === '' && calls.length > 0 ? null : text,
    ...(calls.length === 0 ? {} : { tool_calls: calls }),
  };
}

/** Whether an answer as a client sent it again has more in it than we tell of one: thinking with its signature, ids of items. */
export function saysMore(kind: SessionKind, item: JsonRecord): boolean {
  const { content } = item;
  if (kind === 'responses') {
    const names = item['type'] === 'function_call' ? CALL_FIELDS : MESSAGE_FIELDS;
    return Array.isArray(content) || Object.keys(item).some((name) => !names.includes(name));
  }
  return (
    Array.isArray(content) &&
    content.some((part) => isRecord(part) && part['type'] !== 'text' && part['type'] !== 'tool_use')
  );
}

const MESSAGE_FIELDS = ['role', 'content'];
const CALL_FIELDS = ['type', 'call_id', 'name', 'arguments'];
