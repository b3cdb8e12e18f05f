import { type JsonRecord, isRecord } from '../../parse/json.ts';
import { mean, sum } from '../../numbers/mean.ts';
import { estimateTokens } from '../estimate-tokens.ts';
import { shapeOf } from './sized-text.ts';
import { depthOf, type Session, type SessionTurn } from './session.ts';

/** What is known of the sessions of a file as a whole, for the plan of a run. */
export type SessionFigures = {
  count: number;
  /** Requests of a session: mean, and most. */
  meanTurns: number;
  mostTurns: number;
  /** Of the longest conversation in one. */
  mostDepth: number;
  /** Pauses of a session all together, ms as recorded: mean, and most. */
  meanPauseMs: number;
  mostPauseMs: number;
  /** Of a request, estimated. */
  meanInputTokens: number;
  /** Of a recorded answer; null: none tells. */
  meanOutputTokens: number | null;
  /** The mean of the limits that turns have themselves; null: none has one. */
  meanMaxTokens: number | null;
};

/** Sessions as they lie in a SharedArray: a string each, behind one of all figures. */
const FIGURES = 'S';
const SESSION = 's';

/** @returns rows of which the first tells the figures. */
export function storeSessions(sessions: readonly Session[]): string[] {
  return [
    FIGURES + JSON.stringify(figuresOfSessions(sessions)),
    ...sessions.map((session) => SESSION + JSON.stringify(session)),
  ];
}

/** The figures of stored sessions; null when the rows are prompts. */
export function storedFigures(rows: readonly string[] | null): SessionFigures | null {
  const first = rows?.[0] ?? '';
  return first.startsWith(FIGURES) ? (JSON.parse(first.slice(1)) as SessionFigures) : null;
}

/** Session i of stored ones; after the last they come again. */
export function storedSession(rows: readonly string[], index: number): Session {
  return JSON.parse((rows[1 + (index % (rows.length - 1))] ?? '').slice(1)) as Session;
}

function figuresOfSessions(sessions: readonly Session[]): SessionFigures {
  const turns = sessions.flatMap((session) => session.turns);
  const pauses = sessions.map((session) => sum(session.turns.map(({ delayMs }) => delayMs)));
  const counts = sessions.map((session) => session.turns.length);
  const known = <T>(values: readonly (T | null)[]): T[] => values.filter((value) => value !== null);
  const most = (values: readonly number[]): number => values.reduce((max, value) => Math.max(max, value), 0);
  return {
    count: sessions.length,
    meanTurns: mean(counts) ?? 0,
    mostTurns: most(counts),
    mostDepth: most(sessions.map(deepest)),
    meanPauseMs: mean(pauses) ?? 0,
    mostPauseMs: most(pauses),
    meanInputTokens: meanInput(sessions),
    meanOutputTokens: mean(known(turns.map(({ outputTokens }) => outputTokens))),
    meanMaxTokens: mean(known(turns.map(({ maxTokens }) => maxTokens))),
  };
}

function deepest({ turns }: Session): number {
  return turns.reduce((most, _, at) => Math.max(most, depthOf(turns, at)), 0);
}

/** Enough turns to know how long requests are: k6's engine takes its time to look at a text. */
const LOOKED_AT = 300;

function meanInput(sessions: readonly Session[]): number {
  const inputs: number[] = [];
  for (const session of sessions) {
    if (inputs.length >= LOOKED_AT) break;
    inputs.push(...inputsOf(session));
  }
  return mean(inputs) ?? 0;
}

/** Estimated tokens that each turn sends: what it keeps counts as the whole of what its parent sent. */
function inputsOf({ turns }: Session): number[] {
  const sent: number[] = [];
  for (const turn of turns) {
    const parent = turn.parent === null ? null : (turns[turn.parent] ?? null);
    const before = parent === null ? 0 : (sent[turn.parent ?? 0] ?? 0) + answerTokens(parent);
    sent.push(before + sum(turn.messages.map(tokensOfMessage)));
  }
  return sent;
}

function answerTokens({ answer, outputTokens }: SessionTurn): number {
  return outputTokens ?? (answer === null ? 0 : tokensOfMessage(answer));
}

/** Of all texts in a message, told by their lengths or standing there. */
export function tokensOfMessage(message: JsonRecord): number {
  const tokens = (value: unknown): number => {
    if (typeof value === 'string') return estimateTokens(value);
    if (Array.isArray(value)) return sum(value.map(tokens));
    const shape = shapeOf(value);
    if (shape !== null) return sum(shape.map((part) => part.tokens));
    return isRecord(value) ? sum(Object.entries(value).map(([, inner]) => tokens(inner))) : 0;
  };
  const { role: _role, ...rest } = message;
  return tokens(rest);
}
