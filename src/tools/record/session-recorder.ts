import type { JsonRecord } from '../../lib/parse/json.ts';
import type { Usage } from '../../lib/answer/attempt.ts';
import type { ToolCall } from '../../lib/answer/tool-calls.ts';
import { hideSecrets, secretsIn } from '../../lib/answer/failure/secrets.ts';
import { sum } from '../../lib/numbers/mean.ts';
import type { SessionKind } from '../../lib/prompts/session/session-kinds.ts';
import { tokensOfMessage } from '../../lib/prompts/session/stored-session.ts';
import { plainName } from '../../lib/text/plain-text.ts';
import { FollowedResponses, previousIn } from './followed-responses.ts';
import { answerItems, chatAnswer, messagesIn, saysMore } from './recorded-kinds.ts';
import { hashesOf } from './said-before.ts';
import { TextTree } from './text-tree.ts';
import { ContentRemover } from './without-content.ts';
import { withoutKeys } from './without-keys.ts';

export type RecorderOptions = {
  /** Texts are kept; else their lengths, and what they share. */
  keepsContent: boolean;
  /** Blotted out of whatever is kept. */
  redact: readonly RegExp[];
};

/** A request that is under way. */
export type PendingTurn = {
  kind: SessionKind;
  body: JsonRecord;
  messages: readonly JsonRecord[];
  /** Of these, what the request itself has, where it goes on from an answer that the server keeps. */
  ownMessages: readonly JsonRecord[];
  place: Place;
  /** Since the recording began. */
  atMs: number;
  /** Never to be written, wherever they stand. */
  secrets: readonly string[];
};

/** What it was answered; it ended well. `responseId`: by which a later request of the Responses API may go on from it. */
export type TurnAnswer = {
  text: string;
  toolCalls: readonly ToolCall[];
  usage: Usage;
  endMs: number;
  responseId?: string | null;
  /** Its items as the Responses API told them, by whose ids too. */
  outputItems?: readonly JsonRecord[];
};

/** Where in which conversation a request stands. */
type Place = { session: OpenSession; parent: Turn | null; keep: number };

/** A conversation, and who of it waits for an answer. It has its name from its first answer. */
type OpenSession = { name: string; turns: number; underWay: number };

type Turn = { session: OpenSession; name: string; sent: number; endMs: number; fields: string };

/** A request's own fields that a replay sets itself. */
const SAID = ['messages', 'system', 'input', 'instructions'];
const NOT_SENT_AGAIN =
  'model stream stream_options user safety_identifier metadata store previous_response_id'.split(' ');
const NOT_KEPT = [...SAID, ...NOT_SENT_AGAIN];
const LIMITS = ['max_tokens', 'max_completion_tokens', 'max_output_tokens'];

/**
 * Turns what passes into sessions: each request is found the conversation that it goes on from, by its beginning. Of the
 * messages themselves it keeps hashes, and without content a tree of their texts, in memory alone.
 */
export class SessionRecorder {
  readonly #options: RecorderOptions;
  readonly #remover = new ContentRemover(new TextTree());
  readonly #followed = new FollowedResponses();
  /** By the hash of a conversation's beginning: the first turn that had it, and after how many messages (its answer is one). */
  readonly #beginnings = new Map<string, { turn: Turn; at: number }>();
  readonly #turnsById = new Map<unknown, Turn>();
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

  /** Whether the earlier answer and items that a request names, if it does, passed by. */
  knowsWhatItGoesOnFrom(body: JsonRecord): boolean {
    const previous = previousIn(body);
    const own = messagesIn('responses', body);
    return (
      (previous === null || this.#followed.itemsUpTo(previous) !== null) &&
      (own === null || this.#followed.resolved(own) !== null)
    );
  }

  /** A request passes. null: it is none with messages. */
  begin(
    kind: SessionKind,
    body: JsonRecord,
    { atMs, secrets }: { atMs: number; secrets: readonly string[] },
  ): PendingTurn | null {
    const sent = messagesIn(kind, body);
    const ownMessages = sent === null || kind !== 'responses' ? sent : this.#followed.resolved(sent);
    if (ownMessages === null) return null;
    const messages = this.#behindKept(kind, body, ownMessages);
    const place = this.#placeOf(kind, messages, this.#turnsById.get(previousIn(body)));
    place.session.underWay += 1;
    return { kind, body, messages, ownMessages, place, atMs, secrets };
  }

  /** It was not answered well: it is in no session. */
  drop({ place }: PendingTurn): void {
    place.session.underWay -= 1;
  }

  /** @returns the line of the turn. */
  finish(pending: PendingTurn, answer: TurnAnswer): string {
    const { kind, body, messages, place, atMs, secrets } = pending;
    const { session, parent } = place;
    const keep = this.#keptOf(kind, messages, place);
    session.underWay -= 1;
    // One whose requests all fail is none.
    if (session.turns === 0) session.name = `s${(this.#sessions += 1)}`;
    session.turns += 1;
    this.turns += 1;
    const { fields, keys } = withoutKeys(fieldsOf(body));
    const hidden = [...secrets, ...secretsIn(keys)];
    const turn: Turn = {
      session,
      name: String(session.turns),
      sent: messages.length,
      endMs: answer.endMs,
      fields: JSON.stringify(fields),
    };
    const items = answerItems(kind, answer);
    this.#follow(pending, items, answer);
    if (typeof answer.responseId === 'string') this.#turnsById.set(answer.responseId, turn);
    const [only] = items;
    // Later turns send several items themselves: this is what people see of them.
    const said = items.length === 1 && only !== undefined ? only : chatAnswer(answer.text, answer.toolCalls);
    this.#remember(turn, hashesOf(kind, [...messages, ...items]));
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
      typeof value === 'string' ? this.#redacted(hideSecrets(value, hidden)) : value,
    );
  }

  /** Messages as a client would send them that keeps the conversation itself: its instructions, what was said before, and its own. */
  #behindKept(kind: SessionKind, body: JsonRecord, own: readonly JsonRecord[]): readonly JsonRecord[] {
    const before = kind === 'responses' ? this.#followed.itemsUpTo(previousIn(body)) : null;
    if (before === null) return own;
    return [...own.filter(isInstructions), ...before, ...own.filter((item) => !isInstructions(item))];
  }

  #follow(
    { kind, body, ownMessages }: PendingTurn,
    items: readonly JsonRecord[],
    { responseId: id = null, outputItems = [] }: TurnAnswer,
  ): void {
    if (kind !== 'responses' || id === null || body['store'] === false) return;
    this.#followed.addItems(outputItems);
    const own = ownMessages.filter((item) => !isInstructions(item));
    this.#followed.add(id, [...own, ...items], previousIn(body));
  }

  #redacted(text: string): string {
    return this.#options.redact.reduce((left, pattern) => left.replace(pattern, '[redacted]'), text);
  }

  /**
   * The conversation that has the longest common beginning, beyond its system message; a new one where none has, and where
   * that one still waits for an answer: then somebody else asks.
   *
   * @param named whose answer the request says that it goes on from.
   */
  #placeOf(kind: SessionKind, messages: readonly JsonRecord[], named: Turn | undefined): Place {
    const hashes = hashesOf(kind, messages);
    const firstOwn = messages.findIndex(({ role }) => role !== 'system' && role !== 'developer');
    const least = firstOwn === -1 ? messages.length : firstOwn;
    for (let keep = messages.length; keep > least; keep--) {
      const found = this.#beginnings.get(hashes[keep - 1] ?? '');
      if (found === undefined || found.turn.session.underWay > 0) continue;
      const { turn, at } = found;
      // An answer of several items counts as one: they are no part of what is kept.
      if (at === keep || at > turn.sent)
        return { session: turn.session, parent: turn, keep: at === keep ? keep : turn.sent };
    }
    // Its instructions may be others: then it says all of it anew, and stays where the client says that it belongs.
    if (named !== undefined) return { session: named.session, parent: named, keep: 0 };
    return { session: { name: '', turns: 0, underWay: 0 }, parent: null, keep: 0 };
  }

  /** How much of what was said before it says again. An answer with more in it than we tell is written as the client sends it. */
  #keptOf(kind: SessionKind, messages: readonly JsonRecord[], { parent, keep }: Place): number {
    const answer = parent !== null && keep === parent.sent + 1 ? messages[keep - 1] : undefined;
    return this.#options.keepsContent && answer !== undefined && saysMore(kind, answer) ? keep - 1 : keep;
  }

  /** @param hashes of what it sent, and of its answer behind that. */
  #remember(turn: Turn, hashes: readonly string[]): void {
    const told = hashes.slice(0, turn.sent).map((hash, index) => ({ hash, at: index + 1 }));
    for (const { hash, at } of [...told, { hash: hashes.at(-1) ?? '', at: turn.sent + 1 }])
      if (!this.#beginnings.has(hash)) this.#beginnings.set(hash, { turn, at });
  }

  /** What the server counted over what is estimated; 1 where it tells nothing. */
  #tokenRatio(messages: readonly JsonRecord[], { inputTokens }: Usage): number {
    const estimated = sum(messages.map((message) => tokensOfMessage(textsOf(message))));
    if (inputTokens === null || estimated < MIN_ESTIMATED) return 1;
    return Math.min(MAX_RATIO, Math.max(1 / MAX_RATIO, inputTokens / estimated));
  }
}

const MIN_ESTIMATED = 50;
const MAX_RATIO = 3;

/** Those of one request: the next one brings its own. */
function isInstructions({ type }: JsonRecord): boolean {
  return type === 'instructions';
}

/** A message without what only marks an item of Responses. */
function textsOf({
  id: _id,
  type: _type,
  status: _status,
  call_id: _callId,
  ...texts
}: JsonRecord): JsonRecord {
  return texts;
}

function fieldsOf(body: JsonRecord): JsonRecord {
  const kept = Object.entries(body).filter(([name]) => !NOT_KEPT.includes(name) && !LIMITS.includes(name));
  return Object.fromEntries(kept);
}

function limitOf(body: JsonRecord): number | null {
  const limit = LIMITS.map((name) => body[name]).find((value) => typeof value === 'number');
  return limit ?? null;
}

/** To the tenth of a millisecond. */
function round(ms: number): number {
  return Math.round(ms * 10) / 10;
}
