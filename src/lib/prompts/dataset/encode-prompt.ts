import type { KindName } from '../../kinds/kinds.ts';
import type { Message } from '../../request/message.ts';
import { type Prompt, promptOf } from '../prompt.ts';
import type { OwnRequest } from './own-request.ts';
import { isRecord } from '../../parse/json.ts';

/**
 * Prompts as they lie in a SharedArray: one string each, so that loading a file never holds a JavaScript object
 * for every row at once (docs/workloads.md has the measurements).
 */

const PLAIN = 't';
const STRUCTURED = 'j';

/** A prompt as one string: a plain one is its text behind a mark, another one JSON. */
export function encodePrompt(prompt: Prompt): string {
  const [first, ...more] = prompt.messages;
  const isPlain =
    first !== undefined &&
    more.length === 0 &&
    prompt.system === null &&
    prompt.followUps.length === 0 &&
    prompt.maxTokens === null &&
    prompt.kind === null &&
    prompt.documents.length === 0 &&
    prompt.own === null;
  return isPlain ? PLAIN + first.content : STRUCTURED + JSON.stringify(prompt);
}

/** @throws Error when the text was not made by `encodePrompt`. */
export function decodePrompt(stored: string): Prompt {
  if (stored.startsWith(PLAIN)) return promptOf(stored.slice(1));
  const parsed: unknown = stored.startsWith(STRUCTURED) ? JSON.parse(stored.slice(1)) : null;
  if (!isRecord(parsed)) throw new Error('a stored prompt cannot be read');
  const { system, messages, followUps, maxTokens, kind, documents, own } = parsed;
  return {
    system: typeof system === 'string' ? system : null,
    messages: Array.isArray(messages) ? messages.filter(isMessage) : [],
    followUps: Array.isArray(followUps) ? followUps.filter((text) => typeof text === 'string') : [],
    maxTokens: typeof maxTokens === 'number' ? maxTokens : null,
    // Whoever stored it looked: a VU has no list of kinds to ask.
    kind: typeof kind === 'string' ? (kind as KindName) : null,
    own: isOwn(own) ? own : null,
    documents: Array.isArray(documents) ? documents.filter((text) => typeof text === 'string') : [],
  };
}

function isOwn(value: unknown): value is OwnRequest {
  return isRecord(value) && isRecord(value['fields']);
}

function isMessage(value: unknown): value is Message {
  return isRecord(value) && typeof value['role'] === 'string' && typeof value['content'] === 'string';
}
