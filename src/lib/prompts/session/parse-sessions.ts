import { ConfigError } from '../../parse/config-error.ts';
import { type JsonRecord, parseJson } from '../../parse/json.ts';
import { withoutBom } from '../../parse/why-not-text.ts';
import { isSessionRow, type LineProblem, readSessionLine, type SessionLine } from './session-line.ts';
import type { Session, SessionTurn } from './session.ts';

/** Where a file of sessions came from, for messages, and whose answers are to stand in the history. */
export type SessionSource = { fileName: string; setting: string; answers: SessionAnswers };

/** `LLM_SESSION_ANSWERS`: whose answers later turns send again. */
export type SessionAnswers = 'recorded' | 'measured';

/** A file of sessions, read. */
export type SessionFile = {
  /** By their start where that is told, else in the file's order; never empty. */
  sessions: Session[];
  /** The kind in whose form messages beyond plain text are, and the first line that has such; null: all are plain. */
  shaped: { kind: string; line: number } | null;
};

const EXAMPLE =
  '{"session":"a","messages":[{"role":"user","content":"Hi"}],"answer":{"role":"assistant","content":"Hello"}}';

/** Whether a file is one of sessions: its first line is a turn, or a session. */
export function isSessionText(text: string): boolean {
  return isSessionRow(parseJson(firstLine(withoutBom(text))));
}

/**
 * Reads a file of sessions, a turn or a session a line. Unlike rows of prompts, no line is left out: what comes behind
 * would be sent without what it answers.
 *
 * @throws ConfigError with file and line for a line that is no turn, a parent that is not there, a cycle.
 */
export function parseSessions(text: string, source: SessionSource): SessionFile {
  const bySession = new Map<string, SessionLine[]>();
  let shaped: SessionFile['shaped'] = null;
  for (const [at, content] of withoutBom(text).split('\n').entries()) {
    if (content.trim() === '') continue;
    const row = parseJson(content);
    const read: SessionLine[] | LineProblem =
      row === undefined
        ? { got: 'no JSON (half-written?)', expected: 'a JSON object' }
        : readSessionLine(row, at + 1);
    if (!Array.isArray(read)) throw lineError(source, at + 1, read);
    for (const line of read) {
      const known = bySession.get(line.session);
      if (known === undefined) bySession.set(line.session, [line]);
      else known.push(line);
      if (!line.messages.every(isPlain) || (line.answer !== null && !isPlain(line.answer)))
        shaped ??= { kind: line.kind ?? 'chat', line: line.line };
    }
  }
  const sessions = [...bySession].map(([id, lines]) => sessionOf(id, lines, source));
  return { sessions: inOrder(sessions), shaped };
}

/** A role and a text, which every kind takes. */
function isPlain({ role, content, ...more }: JsonRecord): boolean {
  if (role !== 'system' && role !== 'user' && role !== 'assistant') return false;
  const isText = typeof content === 'string' || (typeof content === 'object' && content !== null);
  const isMarked = more['tool_calls'] !== undefined || more['type'] !== undefined;
  return isText && !Array.isArray(content) && !isMarked;
}

function sessionOf(id: string, lines: readonly SessionLine[], source: SessionSource): Session {
  const named = new Map<string, SessionLine>();
  const names = lines.map((line, index) => line.turn ?? String(index + 1));
  for (const [index, line] of lines.entries()) {
    const name = names[index] ?? '';
    const before = named.get(name);
    if (before !== undefined)
      throw lineError(source, line.line, {
        got: `turn ${name} of session ${id} a second time`,
        expected: `each turn once (the first is in line ${before.line})`,
      });
    named.set(name, line);
  }
  const parents = lines.map((line, index): SessionLine | null => {
    if (line.parent === undefined) return lines[index - 1] ?? null;
    if (line.parent === null) return null;
    const parent = named.get(line.parent);
    if (parent !== undefined) return parent;
    throw lineError(source, line.line, {
      got: `parent ${line.parent}`,
      expected: `a turn of session ${id}: ${names.slice(0, 8).join(', ')}; null for a turn that begins anew`,
    });
  });
  const ordered = sorted(lines, parents, { id, source });
  const places = new Map(ordered.map((line, index) => [line, index]));
  const parentOf = new Map(lines.map((line, index) => [line, parents[index] ?? null]));
  const turns: SessionTurn[] = [];
  const counts: number[] = [];
  for (const line of ordered) {
    const parent = parentOf.get(line) ?? null;
    const turn = turnOf(line, parent === null ? null : (places.get(parent) ?? null), turns);
    counts.push(countMessages(turn, { turns, counts }, { line, source }));
    turns.push(turn);
  }
  return { id, startMs: ordered[0]?.atMs ?? null, turns };
}

/** In the file's order, each behind its parent. */
function sorted(
  lines: readonly SessionLine[],
  parents: readonly (SessionLine | null)[],
  { id, source }: { id: string; source: SessionSource },
): SessionLine[] {
  const done = new Set<SessionLine>();
  let left = lines.map((line, index) => ({ line, parent: parents[index] ?? null }));
  while (left.length > 0) {
    const next = left.filter(({ line, parent }) => {
      const isReady = parent === null || done.has(parent);
      if (isReady) done.add(line);
      return !isReady;
    });
    if (next.length === left.length) {
      const [first] = next;
      const cycle = next.map(({ line }) => line.line).join(', ');
      throw lineError(source, first?.line.line ?? 0, {
        got: `parent ${first?.line.parent ?? ''}`,
        expected: `a turn of session ${id} that does not itself wait for this one (lines ${cycle} form a cycle)`,
      });
    }
    left = next;
  }
  return [...done];
}

function turnOf(line: SessionLine, parent: number | null, before: readonly SessionTurn[]): SessionTurn {
  const { keep, delayMs, messages, answer, maxTokens, outputTokens } = line;
  const inherited = parent === null ? {} : (before[parent]?.fields ?? {});
  const fields = line.fields ?? inherited;
  return { parent, keep, delayMs, dueMs: null, messages, answer, fields, maxTokens, outputTokens };
}

/** How many messages a turn sends. It must send something, and can keep no more than there is. */
function countMessages(
  { parent, keep, messages }: SessionTurn,
  { turns, counts }: { turns: readonly SessionTurn[]; counts: readonly number[] },
  { line, source }: { line: SessionLine; source: SessionSource },
): number {
  const sent = parent === null ? 0 : (counts[parent] ?? 0);
  const most = parent === null ? 0 : sent + 1;
  const fail = (got: string, expected: string): ConfigError =>
    lineError(source, line.line, { got, expected });
  if (keep !== null && keep > most)
    throw fail(`keep ${keep}`, `at most ${most}, the messages up to its parent's answer`);
  const kept = Math.min(keep ?? most, most);
  if (kept + messages.length === 0) throw fail('no message', 'a turn that sends at least one');
  const answer = parent === null ? null : (turns[parent]?.answer ?? null);
  if (parent !== null && kept > sent && answer === null && source.answers === 'recorded')
    throw fail(
      'a turn whose parent has no answer',
      "the parent's answer (answer), or LLM_SESSION_ANSWERS=measured",
    );
  return kept + messages.length;
}

/** A session whose start is not told comes where the file has it. */
function inOrder(sessions: Session[]): Session[] {
  return sessions.every(({ startMs }) => startMs !== null)
    ? sessions.sort((a, b) => (a.startMs ?? 0) - (b.startMs ?? 0))
    : sessions;
}

function firstLine(text: string): string {
  return /^\s*(\S[^\n]*)/.exec(text)?.[1] ?? '';
}

function lineError(
  { fileName, setting }: SessionSource,
  line: number,
  { got, expected }: LineProblem,
): ConfigError {
  return new ConfigError({
    setting: `${setting} ${fileName}, line ${line}`,
    got,
    expected: `${expected} (docs/workloads.md)`,
    example: EXAMPLE,
  });
}
