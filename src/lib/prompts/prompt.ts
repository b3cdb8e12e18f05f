import type { KindName } from '../kinds/kinds.ts';
import type { OwnRequest } from './dataset/own-request.ts';
import type { Message } from '../request/message.ts';

/** What one request, or one conversation, asks: a row of a data set, a built-in or a synthetic prompt. */
export type Prompt = {
  /** The prompt's own system message; null: none of its own, so `LLM_SYSTEM_PROMPT` applies. */
  system: string | null;
  /** What the first turn sends after the system message: at least one message, the last from the user. */
  messages: readonly Message[];
  /** What the user says in turns 2, 3, … of a conversation (`LLM_TURNS`). */
  followUps: readonly string[];
  /** The prompt's own limit of output tokens; null: the run's. */
  maxTokens: number | null;
  /** The kind of request that it names; null: the run's. */
  kind: KindName | null;
  /** What is to be ranked against it; empty where nothing is. */
  documents: readonly string[];
  /** What else its request holds, as the row has it; null: nothing. */
  own: OwnRequest | null;
};

/** Which prompt request i asks. */
export type PromptPicker = {
  /** The same for the same seed and request, whoever asks. */
  pick(requestIndex: number): Prompt;
};

/** What a prompt does not say of itself. */
export const PLAIN: Omit<Prompt, 'messages'> = {
  system: null,
  followUps: [],
  maxTokens: null,
  kind: null,
  documents: [],
  own: null,
};

/** A prompt of one user message. */
export function promptOf(text: string): Prompt {
  return { ...PLAIN, messages: [{ role: 'user', content: text }] };
}
