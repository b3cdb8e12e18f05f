import { createHash } from 'node:crypto';
import { type JsonRecord, isRecord, parseJson } from '../../lib/parse/json.ts';
import type { SessionKind } from '../../lib/prompts/session/session-kinds.ts';

/**
 * Of each beginning of a conversation of a kind: after one message, two, … Thoughts that stand in an answer as items of their own
 * (Responses) are no part of it as long as nothing follows: some clients send them back and others do not.
 */
export function hashesOf(kind: SessionKind, messages: readonly JsonRecord[]): string[] {
  let exact: string = kind;
  let answered = exact;
  return messages.map((message) => {
    const identity = identityOf(message);
    exact = next(exact, identity);
    if (!isOutput(message)) answered = exact;
    else if (message['type'] !== 'reasoning') answered = next(answered, identity);
    return answered;
  });
}

function next(before: string, identity: string): string {
  return createHash('sha256').update(before).update(identity).digest('base64');
}

function isOutput({ role, type }: JsonRecord): boolean {
  return role === 'assistant' || type === 'function_call' || type === 'reasoning';
}

/** What makes a message the same: an answer's words and calls, whatever else a client sends back with them. */
function identityOf(message: JsonRecord): string {
  if (message['type'] === 'function_call')
    return JSON.stringify(['call', message['call_id'], message['name'], argumentsOf(message['arguments'])]);
  if (message['role'] !== 'assistant') return JSON.stringify(message);
  const { content, tool_calls: calls } = message;
  const parts = Array.isArray(content) ? content.filter(isRecord) : [];
  const text =
    typeof content === 'string'
      ? content
      : parts.map((part) => (typeof part['text'] === 'string' ? part['text'] : '')).join('');
  const uses = parts.flatMap((part) =>
    part['type'] === 'tool_use' ? [[part['id'], part['name'], part['input']]] : [],
  );
  const called = (Array.isArray(calls) ? calls.filter(isRecord) : []).map(({ id, function: given }) =>
    isRecord(given) ? [id, given['name'], argumentsOf(given['arguments'])] : [id],
  );
  return JSON.stringify(['assistant', text.trim(), ...uses, ...called]);
}

function argumentsOf(text: unknown): unknown {
  return parseJson(String(text)) ?? text;
}
