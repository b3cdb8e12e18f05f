import { isRecord } from '../../parse/json.ts';
import type { Message } from '../../request/message.ts';
import { ownValue } from '../../parse/own-value.ts';

/** A conversation as a file holds it, cleaned: no empty turns, no unknown roles. */
export type Turns = {
  /** The system message in front of the first other message; null if there is none. */
  system: string | null;
  /** From the first user turn on. */
  messages: readonly Message[];
};

/** What people and tools call the roles. Others (tool, function, observation) have no place in a plain chat. */
const ROLES: Readonly<Record<string, Message['role']>> = {
  human: 'user',
  user: 'user',
  prompter: 'user',
  gpt: 'assistant',
  assistant: 'assistant',
  chatgpt: 'assistant',
  bot: 'assistant',
  model: 'assistant',
  system: 'system',
};

/**
 * Reads a list of turns in ShareGPT's spelling (`from`, `value`) or OpenAI's (`role`, `content`), mixed if need
 * be. Entries that are no turn (not an object, an unknown role, empty or not text) are left out, as is what an
 * assistant says before the first user turn.
 *
 * @returns the turns, or the reason why there is no prompt in them.
 */
export function readTurns(list: unknown): Turns | string {
  if (!Array.isArray(list)) return list === null ? 'the conversation is null' : 'the conversation is no list';
  if (list.length === 0) return 'the conversation is empty';
  const turns = list.map(readTurn).filter((turn) => turn !== null);
  const firstUserAt = turns.findIndex(({ role }) => role === 'user');
  if (firstUserAt === -1) return 'no user turn with text';
  const system = turns.slice(0, firstUserAt).find(({ role }) => role === 'system');
  return { system: system?.content ?? null, messages: turns.slice(firstUserAt) };
}

function readTurn(entry: unknown): Message | null {
  if (!isRecord(entry)) return null;
  const named = entry['role'] ?? entry['from'];
  const role = typeof named === 'string' ? ownValue(ROLES, named.trim().toLowerCase()) : undefined;
  const content = textOf(entry['content'] ?? entry['value'] ?? entry['text']);
  return role === undefined || content === null ? null : { role, content };
}

/** Text, or a list of nothing but text parts (`{type: 'text', text}`), if it is not blank; else null. */
export function textOf(value: unknown): string | null {
  if (typeof value === 'string') return value.trim() === '' ? null : value;
  if (!Array.isArray(value)) return null;
  const parts = value.map((part: unknown) =>
    isRecord(part) && typeof part['text'] === 'string' ? part['text'] : null,
  );
  return parts.includes(null) ? null : textOf(parts.join('\n'));
}
