import type { JsonRecord } from '../../parse/json.ts';
import type { SessionAnswers } from './parse-sessions.ts';
import type { SessionKind } from './session-kinds.ts';
import { depthOf, keepsAnswer, measuredAnswer, messagesOfTurn, type Session } from './session.ts';

/** One request of a session, ready to be written. */
export type PlayedTurn = {
  /** Requests of its conversation so far, itself included: the tag `turn`. */
  depth: number;
  /** Its messages as a field of the body. */
  encodedMessages: string;
  fields: JsonRecord;
  maxTokens: number | null;
  /** Of the recorded answer; null: not known. */
  outputTokens: number | null;
  /** A later turn says the answer's text again. */
  needsText: boolean;
  /** It can go on from nothing else. */
  endsWithoutText: boolean;
  isLast: boolean;
  /** Not to be sent before, ms since the session began. */
  notBeforeMs: number;
};

/** A session being sent, turn by turn. */
export type SessionPlay = {
  /**
   * The next turn, once the one before was answered.
   *
   * @param nowMs since the session began.
   * @param text what was answered; null: nothing was, or it was not asked for.
   * @returns null when there is none left, or none that can be sent: what it answers to has no text.
   */
  next: (nowMs: number, text: string | null) => PlayedTurn | null;
};

export type PlayOptions = {
  answers: SessionAnswers;
  /** Whose form their messages have. */
  kind: SessionKind;
  /** Multiplies the pauses. */
  timeScale: number;
  /** Stands in front of every first message, so that no cache knows it; null: nothing does. */
  salt: string | null;
  /** Fills in texts of which only the length was kept. */
  withTexts: (value: JsonRecord) => JsonRecord;
};

/** A message as JSON, and what it says where its kind has that in a field of its own. */
type Encoded = { json: string; apart: unknown };

/** Sends a session from its beginning. */
export function playSession({ turns }: Session, options: PlayOptions): SessionPlay {
  const { answers, kind, timeScale, salt, withTexts } = options;
  const sent: (readonly Encoded[])[] = [];
  const answered: (Encoded | null)[] = [];
  const endedMs: number[] = [];
  const needed = turns.map(
    (_, at) => answers === 'measured' && turns.some((turn) => turn.parent === at && turn.keep !== 0),
  );
  const encode = (message: JsonRecord, isFirst = false): Encoded => {
    const filled = withTexts(message);
    const whole = isFirst && salt !== null ? salted(filled, salt, kind) : filled;
    return { json: JSON.stringify(whole), apart: isApart(kind, whole) ? whole['content'] : null };
  };
  const close = (at: number, nowMs: number, text: string | null): void => {
    const recorded = turns[at]?.answer ?? null;
    const answer =
      answers === 'recorded'
        ? recorded
        : measuredAnswer(recorded === null ? null : withTexts(recorded), text ?? '');
    answered.push(answer === null ? null : encode(answer));
    endedMs.push(nowMs);
  };
  return {
    next: (nowMs, text) => {
      const at = sent.length;
      if (at > 0) close(at - 1, nowMs, text);
      const turn = turns[at];
      if (turn === undefined) return null;
      const { parent, keep, delayMs, dueMs } = turn;
      const sentByParent = parent === null ? 0 : (sent[parent]?.length ?? 0);
      const goesOn = parent === null ? null : (answered[parent] ?? null);
      if (keepsAnswer(turn, sentByParent) && goesOn === null) return null;
      const isAnew = parent === null || keep === 0;
      const own = turn.messages.map((message, index) => encode(message, isAnew && index === 0));
      const messages = messagesOfTurn({ ...turn, messages: own }, sent, answered);
      sent.push(messages);
      const sinceMs = endedMs[parent ?? at - 1] ?? 0;
      return {
        depth: depthOf(turns, at),
        encodedMessages: encodedFor(kind, messages),
        fields: withTexts(turn.fields),
        maxTokens: turn.maxTokens,
        outputTokens: turn.outputTokens,
        needsText: needed[at] ?? false,
        endsWithoutText: needed[at] === true && measuredAnswer(turn.answer, '') === null,
        isLast: at === turns.length - 1,
        notBeforeMs: Math.max(sinceMs + delayMs * timeScale, (dueMs ?? 0) * timeScale),
      };
    },
  };
}

/** Anthropic's system messages, and what a recording marks as the `instructions` of Responses, which may have system messages beside it. */
function isApart(kind: SessionKind, { role, type }: JsonRecord): boolean {
  return kind === 'messages' ? role === 'system' : kind === 'responses' && type === 'instructions';
}

function encodedFor(kind: SessionKind, messages: readonly Encoded[]): string {
  const turns = messages.filter(({ apart }) => apart === null).map(({ json }) => json);
  const systems = messages.flatMap(({ apart }) => (apart === null ? [] : [apart]));
  const field = `"${kind === 'responses' ? 'input' : 'messages'}":[${turns.join(',')}]`;
  if (systems.length === 0) return field;
  const isText = systems.every((system) => typeof system === 'string');
  const system = isText ? systems.join('\n') : systems.flatMap(asBlocks);
  return `"${kind === 'responses' ? 'instructions' : 'system'}":${JSON.stringify(system)},${field}`;
}

function asBlocks(system: unknown): unknown[] {
  return Array.isArray(system) ? system : [{ type: 'text', text: system }];
}

/** A message with the salt in front of its first text. */
function salted(message: JsonRecord, salt: string, kind: SessionKind): JsonRecord {
  const { content } = message;
  if (typeof content === 'string') return { ...message, content: `${salt}\n${content}` };
  if (Array.isArray(content)) {
    const type = kind === 'responses' ? 'input_text' : 'text';
    return { ...message, content: [{ type, text: salt }, ...content] };
  }
  return { ...message, content: salt };
}
