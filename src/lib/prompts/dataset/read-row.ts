import { hint } from '../../parse/did-you-mean.ts';
import { isKindName, KIND_NAMES, type KindName, KINDS } from '../../kinds/kinds.ts';
import { PLAIN, type Prompt, promptOf } from '../prompt.ts';
import { isRecord } from '../../parse/json.ts';
import { type OwnRequest, type RawMessage, readOwnRequest, wordsOf } from './own-request.ts';
import { readTurns, textOf, type Turns } from './read-turns.ts';

type Row = Readonly<Record<string, unknown>>;

/** A row as a prompt, or the reason why it is none. */
export type RowResult = Prompt | string;

/** Fields that hold the whole prompt as text, the first that is there counts. `instruction` comes before. */
const TEXT_FIELDS = ['prompt', 'question', 'query', 'input', 'user', 'text', 'content'] as const;
/** Fields that hold a list of turns. */
export const CONVERSATION_FIELDS: readonly string[] = ['conversations', 'conversation', 'messages', 'turns'];
const SYSTEM_FIELDS = ['system', 'system_prompt'] as const;
const MAX_TOKENS_FIELDS = ['max_tokens', 'max_completion_tokens', 'output_tokens'] as const;
const MAX_TOKENS = 10_000_000;

/** The fields that can hold a prompt, for messages and for the header of a CSV file. */
export const PROMPT_FIELDS: readonly string[] = ['instruction', ...TEXT_FIELDS, ...CONVERSATION_FIELDS];

/**
 * Reads one row of a data set: text; `{prompt}` and its kin; Alpaca's `{instruction, input}`; `{messages}` as
 * OpenAI's API takes them; ShareGPT's `{conversations}`; MT-Bench's `{turns}`; a line of OpenAI's batch format, `{body: {messages}}`.
 *
 * Of a conversation that ends with the assistant, the first user turn is the prompt and the later ones are its
 * follow-ups; `messages` that end with the user are sent as they are, as a recorded request.
 */
export function readRow(value: unknown): RowResult {
  if (typeof value === 'string') return textOf(value) === null ? 'the prompt is empty' : promptOf(value);
  if (!isRecord(value)) return 'neither text nor an object';
  const kind = readKind(value);
  if (typeof kind === 'object' && kind !== null) return kind.problem;
  if (isRecord(value['body'])) {
    const inside = readRequest(value['body'], kind, true);
    return typeof inside === 'string' ? inside : { ...inside, kind: kind ?? inside.kind };
  }
  return readRequest(value, kind, false);
}

/** @param isBody it is a whole request, not a row about one. */
function readRequest(value: Row, kind: KindName | null, isBody: boolean): RowResult {
  const maxTokens = readMaxTokens(value);
  if (typeof maxTokens === 'string') return maxTokens;
  const own = readOwnRequest(value, { isBody });
  const result = own.messages === null ? readPrompt(value) : asRaw(own.messages);
  if (typeof result === 'string') return result;
  const system = firstOf(value, SYSTEM_FIELDS);
  return {
    ...result,
    own: ownOf(own, result),
    system: textOf(system) ?? result.system,
    maxTokens,
    kind,
    documents: documentsIn(value),
  };
}

/** Messages that are sent as they stand; their words stand for them wherever words are counted. */
function asRaw(messages: readonly RawMessage[]): Prompt {
  const isSystem = ({ role }: RawMessage): boolean => role === 'system' || role === 'developer';
  const system = messages.filter(isSystem).map(wordsOf).join('\n');
  const said = messages.filter((message) => !isSystem(message));
  const words = said.map(wordsOf).join('\n');
  return { ...promptOf(words), system: textOf(system), own: { fields: {}, messages: said } };
}

function ownOf({ fields }: OwnRequest, { own }: Prompt): OwnRequest | null {
  const messages = own?.messages ?? null;
  return messages === null && Object.keys(fields).length === 0 ? null : { fields, messages };
}

/**
 * The kind of request that a row names: in `kind`, or by the `url` of a line of OpenAI's batch format. Columns of that name
 * say many things, so what is no kind is passed over, unless it looks like a slip of one.
 */
function readKind(row: Row): KindName | null | { problem: string } {
  const { kind, url } = row;
  if (isKindName(kind)) return kind;
  const path = typeof url === 'string' ? url.replace(/^.*\/v\d+\//, '') : null;
  const called = KINDS.find((one) => one.path === path);
  if (called !== undefined) return called.name;
  const meant = typeof kind === 'string' ? hint(kind, KIND_NAMES) : '';
  return meant === '' ? null : { problem: `"${String(kind)}" is no kind of request${meant}` };
}

/** Texts, or objects that hold one. */
function documentsIn({ query, documents }: Row): string[] {
  if (query === undefined || !Array.isArray(documents)) return [];
  return documents.flatMap((document: unknown) => {
    const text = textOf(isRecord(document) ? (document['text'] ?? document['content']) : document);
    return text === null ? [] : [text];
  });
}

/** A prompt as a row that `readRow` reads back to the same prompt. */
export function writeRow(prompt: Prompt): Row {
  const { system, messages, followUps, maxTokens, kind, documents, own } = prompt;
  const more: Row = {
    ...(system === null ? {} : { system }),
    ...(maxTokens === null ? {} : { max_tokens: maxTokens }),
    ...(kind === null ? {} : { kind }),
  };
  if (own?.messages !== undefined && own.messages !== null) {
    const { kind: named, ...body } = more;
    const request = { ...own.fields, ...body, messages: own.messages };
    return named === undefined ? { body: request } : { kind: named, body: request };
  }
  if (own !== null) {
    const { kind: named, ...inside } = writeRow({ ...prompt, own: null });
    return { ...(named === undefined ? {} : { kind: named }), body: { ...own.fields, ...inside } };
  }
  const [first, ...others] = messages;
  if (documents.length > 0) return { query: first?.content ?? '', documents, ...more };
  if (followUps.length > 0) {
    const userTurns = [first?.content ?? '', ...followUps].map((content) => ({ role: 'user', content }));
    return { conversations: userTurns, ...more };
  }
  return others.length > 0 ? { messages, ...more } : { prompt: first?.content ?? '', ...more };
}

function readPrompt(row: Row): RowResult {
  const field = TEXT_FIELDS.find((name) => row[name] !== undefined && row[name] !== null);
  const conversationField =
    CONVERSATION_FIELDS.find((name) => Array.isArray(row[name])) ??
    (field === undefined ? CONVERSATION_FIELDS.find((name) => row[name] !== undefined) : undefined);
  if (conversationField !== undefined) {
    const said = conversationField === 'turns' ? asSayings(row['turns']) : null;
    if (said !== null) return said;
    const turns = readTurns(row[conversationField]);
    if (typeof turns === 'string') return turns;
    return conversationField === 'messages' ? asRecorded(turns) : asConversation(turns);
  }
  const instruction = textOf(row['instruction']);
  if (instruction !== null) {
    const input = textOf(row['input']);
    return promptOf(input === null ? instruction : `${instruction}\n\n${input}`);
  }
  if (field === undefined) return 'no prompt, messages or conversations in it';
  if (Array.isArray(row[field])) {
    const said = asSayings(row[field]);
    if (said !== null) return said;
    const turns = readTurns(row[field]);
    return typeof turns === 'string' ? turns : asRecorded(turns);
  }
  const text = textOf(row[field]);
  if (text !== null) return promptOf(text);
  return typeof row[field] === 'string' ? `${field} is empty` : `${field} is not text`;
}

/** What a user says turn by turn, as a list of texts (MT-Bench's `turns`, or `prompt`); null for any other list. */
function asSayings(list: unknown): Prompt | null {
  if (!Array.isArray(list)) return null;
  const [first, ...later] = list.map((entry: unknown) => (typeof entry === 'string' ? textOf(entry) : null));
  if (typeof first !== 'string' || later.includes(null)) return null;
  return { ...promptOf(first), followUps: later.filter((text) => text !== null && text !== undefined) };
}

/** The first user turn, and the later ones as follow-ups. */
function asConversation({ system, messages }: Turns): Prompt {
  const userTurns = messages.filter(({ role }) => role === 'user');
  return {
    ...PLAIN,
    system,
    messages: userTurns.slice(0, 1),
    followUps: userTurns.slice(1).map(({ content }) => content),
  };
}

function asRecorded(turns: Turns): Prompt {
  const { system, messages } = turns;
  const endsWithUser = messages[messages.length - 1]?.role === 'user';
  return endsWithUser ? { ...PLAIN, system, messages } : asConversation(turns);
}

function readMaxTokens(row: Row): number | string | null {
  const field = MAX_TOKENS_FIELDS.find((name) => row[name] !== undefined && row[name] !== null);
  if (field === undefined) return null;
  const value = row[field];
  if (typeof value === 'string' && value.trim() === '') return null;
  const count = typeof value === 'string' && /^\s*\d+\s*$/.test(value) ? Number(value) : value;
  const isCount = typeof count === 'number' && Number.isInteger(count) && count >= 1 && count <= MAX_TOKENS;
  return isCount ? count : `${field} is not a whole number from 1 to ${MAX_TOKENS}`;
}

function firstOf(row: Row, fields: readonly string[]): unknown {
  return fields.map((field) => row[field]).find((value) => textOf(value) !== null);
}
