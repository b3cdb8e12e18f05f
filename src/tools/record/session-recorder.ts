import { createHash } from 'node:crypto';
import type { Usage } from '../../lib/answer/attempt.ts';
import type { ToolCall } from '../../lib/answer/tool-calls.ts';
import { hideSecrets } from '../../lib/answer/failure/secrets.ts';
import { isRecord, parseJson } from '../../lib/parse/json.ts';
import { sum } from '../../lib/numbers/mean.ts';
import type { JsonRecord } from '../../lib/prompts/session/session.ts';
import { tokensOfMessage } from '../../lib/prompts/session/stored-session.ts';
import { plainName } from '../../lib/text/plain-text.ts';
import { TextTree } from './text-tree.ts';
import { argumentsObject, ContentRemover } from './without-content.ts';

/** Kinds of requests that are conversations. */
export type RecordedKind = 'chat' | 'messages';

export type RecorderOptions = {
  /** Texts are kept; else their lengths, and what they share. */
  keepsContent: boolean;
  /** Blotted out of whatever is kept. */
  redact: readonly RegExp[];
};

/** A request that is under way. */
export type PendingTurn = {
  kind: RecordedKind;
  body: JsonRecord;
  messages: readonly JsonRecord[];
  place: Place;
  /** Since the recording began. */
  atMs: number;
  /** Never to be written, wherever they stand. */
  secrets: readonly string[];
};

/** What it was answered; it ended well. */
export type TurnAnswer = { text: string; toolCalls: readonly ToolCall[]; usage: Usage; endMs: number };

/** Where in which conversation a request stands. */
type Place = { session: OpenSession; parent: Turn | null; keep: number };

/** A conversation, and who of it waits for an answer. */
type OpenSession = { name: string; turns: number; underWay: number };

type Turn = { session: OpenSession; name: string; sent: number; endMs: number; fields: string };

/** A request's own fields that a replay sets itself. */
const NOT_KEPT = ['model', 'messages', 'system', 'stream', 'stream_options', 'user', 'metadata', 'store'];
const LIMITS = ['max_tokens', 'max_completion_tokens'];

/**
 * Turns what passes into sessions: each request is found the conversation that it goes on from, by its beginning. Of the
 * messages themselves it keeps hashes, and without content a tree of their texts, in memory alone.
 */
export class SessionRecorder {
  readonly #options: RecorderOptions;
  readonly #remover = new ContentRemover(new TextTree());
  /** By the hash of a conversation's beginning: the first turn that had it. */
  readonly #beginnings = new Map<string, Turn>();
  #sessions = 0;
  turns = 0;

  constructor(options: RecorderOptions) {
    this.#options = options;
  }

  get sessions(): number {
    return this.#sessions;
  }

  /** Parts of messages that were no text, and whose place the recording does not keep. */
  get otherParts(): number {
    return this.#remover.otherParts;
  }

  /** A request passes. null: it is none with messages. */
  begin(
    kind: RecordedKind,
    body: JsonRecord,
    { atMs, secrets }: { atMs: number; secrets: readonly string[] },
  ): PendingTurn | null {
    const messages = messagesIn(body);
    if (messages === null) return null;
    const place = this.#placeOf(messages);
    place.session.underWay += 1;
    return { kind, body, messages, place, atMs, secrets };
  }

  /** It was not answered well: it is in no session. */
  drop({ place }: PendingTurn): void {
    place.session.underWay -= 1;
  }

  /** @returns the line of the turn. */
  finish(pending: PendingTurn, answer: TurnAnswer): string {
    const { kind, body, messages, place, atMs, secrets } = pending;
    const { session, parent } = place;
    const keep = this.#keptOf(messages, place);
    session.underWay -= 1;
    session.turns += 1;
    this.turns += 1;
    const fields = fieldsOf(body);
    const turn: Turn = {
      session,
      name: String(session.turns),
      sent: messages.length,
      endMs: answer.endMs,
      fields: JSON.stringify(fields),
    };
    const said = answerMessage(kind, answer);
    this.#remember(turn, messages, said);
    const ratio = this.#tokenRatio(messages, answer.usage);
    const shown = (message: JsonRecord): JsonRecord =>
      this.#options.keepsContent ? message : this.#remover.message(message, ratio);
    const isWhole = parent !== null && keep === parent.sent + 1;
    const line = {
      session: session.name,
      turn: turn.name,
      parent: parent?.name ?? null,
      ...(parent === null || isWhole ? {} : { keep }),
      at_ms: round(atMs),
      delay_ms: parent === null ? 0 : round(Math.max(0, atMs - parent.endMs)),
      took_ms: round(answer.endMs - atMs),
      kind,
      model: plainName(typeof body['model'] === 'string' ? body['model'] : ''),
      stream: body['stream'] === true,
      max_tokens: limitOf(body),
      messages: messages.slice(keep).map(shown),
      answer: shown(said),
      ...(parent !== null && parent.fields === turn.fields
        ? {}
        : { fields: this.#options.keepsContent ? fields : this.#remover.fields(fields, ratio) }),
      usage: {
        input_tokens: answer.usage.inputTokens,
        cached_input_tokens: answer.usage.cachedInputTokens,
        output_tokens: answer.usage.outputTokens,
      },
    };
    return JSON.stringify(line, (_key, value: unknown) =>
      typeof value === 'string' ? this.#redacted(hideSecrets(value, secrets)) : value,
    );
  }

  #redacted(text: string): string {
    return this.#options.redact.reduce((left, pattern) => left.replace(pattern, '[redacted]'), text);
  }

  /**
   * The conversation that has the longest common beginning, beyond its system message; a new one where none has, and where
   * that one still waits for an answer: then somebody else asks.
   */
  #placeOf(messages: readonly JsonRecord[]): Place {
    const hashes = hashesOf(messages);
    const firstOwn = messages.findIndex(({ role }) => role !== 'system' && role !== 'developer');
    const least = firstOwn === -1 ? messages.length : firstOwn;
    for (let keep = messages.length; keep > least; keep--) {
      const found = this.#beginnings.get(hashes[keep - 1] ?? '');
      if (found === undefined || found.session.underWay > 0) continue;
      return { session: found.session, parent: found, keep };
    }
    this.#sessions += 1;
    const session = { name: `s${this.#sessions}`, turns: 0, underWay: 0 };
    return { session, parent: null, keep: 0 };
  }

  /** How much of what was said before it says again. An answer with more in it than we tell is written as the client sends it. */
  #keptOf(messages: readonly JsonRecord[], { parent, keep }: Place): number {
    const answer = parent !== null && keep === parent.sent + 1 ? messages[keep - 1] : undefined;
    return this.#options.keepsContent && answer !== undefined && hasOtherParts(answer) ? keep - 1 : keep;
  }

  #remember(turn: Turn, messages: readonly JsonRecord[], said: JsonRecord): void {
    for (const hash of hashesOf([...messages, said]))
      if (!this.#beginnings.has(hash)) this.#beginnings.set(hash, turn);
  }

  /** What the server counted over what is estimated; 1 where it tells nothing. */
  #tokenRatio(messages: readonly JsonRecord[], { inputTokens }: Usage): number {
    const estimated = sum(messages.map(tokensOfMessage));
    if (inputTokens === null || estimated < MIN_ESTIMATED) return 1;
    return Math.min(MAX_RATIO, Math.max(1 / MAX_RATIO, inputTokens / estimated));
  }
}

const MIN_ESTIMATED = 50;
const MAX_RATIO = 3;

/** The messages of a body, Anthropic's system text in front; null: it has none. */
function messagesIn(body: JsonRecord): JsonRecord[] | null {
  const { messages, system } = body;
  if (!Array.isArray(messages) || messages.length === 0 || !messages.every(isRecord)) return null;
  return system === undefined || system === null
    ? messages
    : [{ role: 'system', content: system }, ...messages];
}

function fieldsOf(body: JsonRecord): JsonRecord {
  const kept = Object.entries(body).filter(([name]) => !NOT_KEPT.includes(name) && !LIMITS.includes(name));
  return Object.fromEntries(kept);
}

function limitOf(body: JsonRecord): number | null {
  const limit = LIMITS.map((name) => body[name]).find((value) => typeof value === 'number');
  return limit ?? null;
}

/** The answer as a client sends it again. */
function answerMessage(kind: RecordedKind, { text, toolCalls }: TurnAnswer): JsonRecord {
  if (kind === 'messages') {
    const uses = toolCalls.map(({ id, name, arguments: given }) => ({
      type: 'tool_use',
      id,
      name,
      input: argumentsObject(given),
    }));
    return { role: 'assistant', content: [...(text === '' ? [] : [{ type: 'text', text }]), ...uses] };
  }
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

/** Thinking, with the signature that a server wants to see again, and whatever else is neither text nor call. */
function hasOtherParts({ content }: JsonRecord): boolean {
  return (
    Array.isArray(content) &&
    content.some((part) => isRecord(part) && part['type'] !== 'text' && part['type'] !== 'tool_use')
  );
}

/** Of each beginning: after one message, two, … */
function hashesOf(messages: readonly JsonRecord[]): string[] {
  let before = '';
  return messages.map(
    (message) => (before = createHash('sha256').update(before).update(identityOf(message)).digest('base64')),
  );
}

/** What makes a message the same: an answer's words and calls, whatever else a client sends back with them. */
function identityOf(message: JsonRecord): string {
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
    isRecord(given) ? [id, given['name'], parseJson(String(given['arguments'])) ?? given['arguments']] : [id],
  );
  return JSON.stringify(['assistant', text.trim(), ...uses, ...called]);
}

/** To the tenth of a millisecond. */
function round(ms: number): number {
  return Math.round(ms * 10) / 10;
}
