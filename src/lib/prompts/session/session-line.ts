import { type JsonRecord, isRecord } from '../../parse/json.ts';
import { isSessionKind, SESSION_KINDS } from './session-kinds.ts';

/** A turn as a line of a file tells it, before its place among the others is known. */
export type SessionLine = {
  /** For messages. */
  line: number;
  session: string;
  /** Its name within the session; null: its number there. */
  turn: string | null;
  /** null: it begins anew; undefined: the turn before it. */
  parent: string | null | undefined;
  keep: number | null;
  delayMs: number;
  atMs: number | null;
  messages: readonly JsonRecord[];
  answer: JsonRecord | null;
  /** null: those of its parent. */
  fields: JsonRecord | null;
  maxTokens: number | null;
  outputTokens: number | null;
  /** The kind whose form its messages have; null: chat. */
  kind: string | null;
};

/** A file line is none of a session: what is wrong, and what would work. */
export type LineProblem = { got: string; expected: string };

const MAX_MS = 365 * 86_400_000;
const MAX_TOKENS = 10_000_000;
const MAX_MESSAGES = 1_000_000;

/** Whether a row of a data set is of a session: a turn (`session`), or a whole one (`turns` with `messages`). */
export function isSessionRow(row: unknown): boolean {
  if (!isRecord(row)) return false;
  if (row['session'] !== undefined) return true;
  const { turns } = row;
  return Array.isArray(turns) && turns.some((turn) => isRecord(turn) && Array.isArray(turn['messages']));
}

/** Reads a line: one turn, or a session of `turns`. */
export function readSessionLine(row: unknown, line: number): SessionLine[] | LineProblem {
  if (!isRecord(row)) return { got: shown(row), expected: 'a JSON object, a turn of a session' };
  const session = nameOf(row['session']);
  const { turns } = row;
  if (turns === undefined) {
    if (session === null) return { got: shown(row['session']), expected: 'session: a name or a number' };
    const read = readTurn(row, { line, session });
    return 'got' in read ? read : [read];
  }
  if (!Array.isArray(turns) || turns.length === 0)
    return { got: shown(turns), expected: 'turns: a list of at least one turn' };
  const lines: SessionLine[] = [];
  for (const turn of turns) {
    const own = isRecord(turn) ? { kind: row['kind'], ...turn } : null;
    if (own === null) return { got: shown(turn), expected: 'turns: a list of objects' };
    const read = readTurn(own, { line, session: session ?? `line ${line}` });
    if ('got' in read) return read;
    lines.push(read);
  }
  const [first] = lines;
  const atMs = numberOf(row['at_ms'], MAX_MS);
  if (first !== undefined && first.atMs === null && atMs !== undefined) first.atMs = atMs;
  return lines;
}

function readTurn(row: JsonRecord, place: { line: number; session: string }): SessionLine | LineProblem {
  const { messages, answer, fields } = row;
  if (!Array.isArray(messages)) return { got: shown(messages), expected: 'messages: a list' };
  const bad = messages.find((message) => !isMessage(message));
  if (bad !== undefined)
    return { got: shown(bad), expected: 'messages: objects with a role and what it says' };
  if (answer !== undefined && answer !== null && !isMessage(answer))
    return { got: shown(answer), expected: 'answer: a message, {"role":"assistant","content":"…"}, or null' };
  if (fields !== undefined && fields !== null && !isRecord(fields))
    return { got: shown(fields), expected: 'fields: an object of request fields, {"tools":[…]}' };
  const delayMs = numberOf(row['delay_ms'], MAX_MS);
  const atMs = numberOf(row['at_ms'], MAX_MS);
  const keep = numberOf(row['keep'], MAX_MESSAGES);
  const maxTokens = numberOf(row['max_tokens'], MAX_TOKENS);
  const usage = isRecord(row['usage']) ? row['usage'] : {};
  const outputTokens = numberOf(usage['output_tokens'], MAX_TOKENS);
  const wrong = Object.entries({ delay_ms: delayMs, at_ms: atMs, keep, max_tokens: maxTokens }).find(
    ([, value]) => value === undefined,
  );
  if (wrong !== undefined) {
    const whole = wrong[0] === 'keep' || wrong[0] === 'max_tokens' ? 'a whole number' : 'a number';
    return { got: shown(row[wrong[0]]), expected: `${wrong[0]}: ${whole} of at least 0` };
  }
  const { kind = null } = row;
  if (kind !== null && !isSessionKind(typeof kind === 'string' ? kind : null))
    return {
      got: `kind ${typeof kind === 'string' ? kind : shown(kind)}`,
      expected: `kind: ${SESSION_KINDS.join(', ')}`,
    };
  const parent = row['parent'];
  const named = parent === null || parent === undefined ? parent : nameOf(parent);
  if (named === null && parent !== null)
    return { got: shown(parent), expected: 'parent: the name of a turn, or null for one that begins anew' };
  const turn = row['turn'] ?? row['id'];
  return {
    ...place,
    turn: turn === undefined ? null : nameOf(turn),
    parent: named,
    keep: keep ?? null,
    delayMs: delayMs ?? 0,
    atMs: atMs ?? null,
    messages: messages.filter(isRecord),
    answer: isRecord(answer) ? answer : null,
    fields: isRecord(fields) ? fields : null,
    maxTokens: maxTokens === 0 ? null : (maxTokens ?? null),
    outputTokens: outputTokens ?? null,
    kind: typeof kind === 'string' ? kind : null,
  };
}

function isMessage(value: unknown): boolean {
  if (!isRecord(value)) return false;
  // Items of Responses that are no messages have a type in place of a role.
  if (typeof value['role'] !== 'string') return typeof value['type'] === 'string';
  return value['content'] !== undefined || value['tool_calls'] !== undefined;
}

/** null where there is none; undefined where it is none that can be. */
function numberOf(value: unknown, max: number): number | null | undefined {
  if (value === undefined || value === null) return null;
  return typeof value === 'number' && value >= 0 && value <= max ? value : undefined;
}

function nameOf(value: unknown): string | null {
  const text = typeof value === 'number' ? String(value) : value;
  return typeof text === 'string' && text.trim() !== '' ? text.trim() : null;
}

/** What stands there, by its kind alone: a message is nobody's business. */
function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return Array.isArray(value) ? 'a list' : typeof value === 'string' ? 'text' : 'an object';
}
