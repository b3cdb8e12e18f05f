import type { JsonRecord } from '../../parse/json.ts';
/** What one user, or one agent, asked: turns that build on each other, in an order in which they can be sent. */
export type Session = {
  /** Its name in the file. */
  id: string;
  /** When it began, ms from the beginning of the file's time; null: not told. */
  startMs: number | null;
  turns: readonly SessionTurn[];
};

/** One request of a session. */
export type SessionTurn = {
  /** The turn that it goes on from, by its place among the session's turns; null: it begins anew. */
  parent: number | null;
  /** So many messages of the conversation at the parent's end (its answer is the last) come first; null: all of them. */
  keep: number | null;
  /** From the end of the parent's answer (of the turn before, where there is no parent) to this request, ms. */
  delayMs: number;
  /** Not sent before, ms from the session's own start; null: `delayMs` alone counts. */
  dueMs: number | null;
  /** What it adds, in the provider's own form. */
  messages: readonly JsonRecord[];
  /** The recorded answer as a message; null: not recorded. */
  answer: JsonRecord | null;
  /** Other fields of its body (tools, `response_format`, …), as they are. */
  fields: JsonRecord;
  /** Its own limit of output tokens; null: the run's. */
  maxTokens: number | null;
  /** Tokens of the recorded answer; null: not known. */
  outputTokens: number | null;
};

/** How many requests of its conversation came up to this one, itself included: 1 for one that begins anew. */
export function depthOf(turns: readonly SessionTurn[], at: number): number {
  let depth = 1;
  for (let parent = turns[at]?.parent ?? null; parent !== null; parent = turns[parent]?.parent ?? null)
    depth++;
  return depth;
}

/**
 * The messages of a turn: what is kept of the conversation at its parent's end, and its own.
 *
 * @param sent the messages that each earlier turn sent.
 * @param answers what each earlier turn was answered, as a message; null: nothing that can be kept.
 */
export function messagesOfTurn<Message>(
  { parent, keep, messages }: Pick<SessionTurn, 'parent' | 'keep'> & { messages: readonly Message[] },
  sent: readonly (readonly Message[])[],
  answers: readonly (Message | null)[],
): readonly Message[] {
  if (parent === null) return messages;
  const answer = answers[parent] ?? null;
  const before = [...(sent[parent] ?? []), ...(answer === null ? [] : [answer])];
  return [...(keep === null ? before : before.slice(0, keep)), ...messages];
}

/** Whether a turn goes on from its parent's answer, `sentByParent` messages before it. */
export function keepsAnswer({ parent, keep }: SessionTurn, sentByParent: number): boolean {
  return parent !== null && (keep === null || keep > sentByParent);
}

/**
 * The answer as it stands in the history when the measured one is to stand there: its text, and the recorded calls of
 * tools, since the results that follow are theirs.
 *
 * @returns null when there is nothing to carry on from.
 */
export function measuredAnswer(recorded: JsonRecord | null, text: string): JsonRecord | null {
  const calls = recorded?.['tool_calls'];
  if (Array.isArray(calls) && calls.length > 0)
    return { role: 'assistant', content: text === '' ? null : text, tool_calls: calls };
  if (recorded?.['type'] === 'function_call') return recorded;
  const blocks = recorded?.['content'];
  const uses = Array.isArray(blocks) ? blocks.filter((block) => typeOf(block) === 'tool_use') : [];
  if (uses.length > 0)
    return { role: 'assistant', content: [...(text === '' ? [] : [{ type: 'text', text }]), ...uses] };
  return text.trim() === '' ? null : { role: 'assistant', content: text };
}

function typeOf(block: unknown): unknown {
  return typeof block === 'object' && block !== null && 'type' in block ? block.type : null;
}
