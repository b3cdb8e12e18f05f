import type { Message } from '../request/message.ts';
import type { Prompt } from './prompt.ts';
import { CONTINUATIONS } from './built-in-picker.ts';
import { hashUnit, indexOf, type Seed } from '../numbers/random.ts';

/** One user's conversation at the moment of a request. Never changed: each turn makes a new one. */
export type Conversation = {
  /** The tag `turn`: 1 to the number of turns. */
  turn: number;
  /** What this turn's request sends: system message, earlier turns with the answers received, this user turn. */
  messages: readonly Message[];
  /** What the user says in the turns to come. */
  pending: readonly string[];
};

export type Opening = {
  prompt: Prompt;
  /** `LLM_SYSTEM_PROMPT`, or the built-in one; null: none. A prompt's own system message wins. */
  systemPrompt: string | null;
  /** Comes before everything that differs between requests; null: none. */
  sharedPrefix: string | null;
  /** `LLM_TURNS`, at least 1. */
  turns: number;
  /** Chooses what the user says in turns that the prompt does not have. */
  seed: Seed;
  /** The number of the conversation in the run. */
  conversationIndex: number;
};

/**
 * Opens a conversation. The shared prefix follows the system message, as a long instruction would; without a
 * system message it opens the first user turn.
 */
export function startConversation(opening: Opening): Conversation {
  const { prompt, sharedPrefix, turns } = opening;
  const system = prompt.system ?? opening.systemPrompt;
  const [first, ...others] = prompt.messages;
  const prefixed =
    first === undefined || sharedPrefix === null || system !== null
      ? prompt.messages
      : [{ role: first.role, content: `${sharedPrefix}\n\n${first.content}` }, ...others];
  const systemText = sharedPrefix === null ? system : `${system ?? ''}\n\n${sharedPrefix}`;
  const messages: readonly Message[] =
    system === null || systemText === null
      ? prefixed
      : [{ role: 'system', content: systemText }, ...prefixed];
  // What was shown or called cannot be said again as text.
  const later = (prompt.own?.messages ?? null) === null ? turns - 1 : 0;
  const pending = Array.from({ length: later }, (_, index) => sayingFor(opening, index));
  return { turn: 1, messages, pending };
}

/**
 * The next turn, with the answer that was really received in its history.
 *
 * @returns null when the conversation is over: no turn is left, or the answer has no text to carry on from.
 */
export function continueConversation(conversation: Conversation, answer: string): Conversation | null {
  if (conversation.pending.length === 0) return null;
  const [next, ...pending] = conversation.pending;
  if (next === undefined || answer.trim() === '') return null;
  const messages: readonly Message[] = [
    ...conversation.messages,
    { role: 'assistant', content: answer },
    { role: 'user', content: next },
  ];
  return { turn: conversation.turn + 1, messages, pending };
}

/** The prompt's own follow-up, else one of the built-in ones by seed, conversation and turn. */
function sayingFor({ prompt, seed, conversationIndex }: Opening, index: number): string {
  const unit = hashUnit(seed, 'follow-up', conversationIndex, index);
  return prompt.followUps[index] ?? CONTINUATIONS[indexOf(unit, CONTINUATIONS.length)] ?? 'Go on.';
}
