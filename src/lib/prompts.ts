import builtIn from '../../data/prompts.json';
import type { Message } from './payload.ts';
import { createUnitStream, indexOf, type Seed } from './random.ts';

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
};

/** Which prompt request i asks. */
export type PromptPicker = {
  /** The same for the same seed and request, whoever asks. */
  pick(requestIndex: number): Prompt;
};

/** About 20, 130 and 500 tokens. */
export const PROMPT_CLASSES = ['short', 'medium', 'long'] as const;

/** The system message when `LLM_SYSTEM_PROMPT` is not set. */
export const DEFAULT_SYSTEM_PROMPT = builtIn.systemPrompt;

/** What the scenario `mixed` asks: five chat prompts, short questions, and the count that it streams. */
export const MIXED_PROMPTS: {
  readonly chat: readonly string[];
  readonly shortAnswer: readonly string[];
  readonly count: readonly string[];
} = builtIn.mixed;

/** What a user says next when a conversation has more turns than its prompt. */
export const CONTINUATIONS: readonly string[] = builtIn.continuations;

/** A prompt of one user message. */
export function promptOf(text: string): Prompt {
  return { system: null, messages: [{ role: 'user', content: text }], followUps: [], maxTokens: null };
}

/** Picks among the prompts, each as likely as the others, by a hash of seed and request. */
export function createPromptPicker(prompts: readonly Prompt[], seed: Seed): PromptPicker {
  const pickIndex = createIndexPicker(prompts.length, seed);
  const first = prompts[0];
  if (first === undefined) throw new Error('a picker needs at least one prompt');
  return { pick: (requestIndex) => prompts[pickIndex(requestIndex)] ?? first };
}

/** The row of a data set of `count` rows that request i uses, from 0: uniform, by a hash of seed and request. */
export function createIndexPicker(count: number, seed: Seed): (requestIndex: number) => number {
  const unitAt = createUnitStream(seed, 'prompt');
  return (requestIndex) => indexOf(unitAt(requestIndex), count);
}

/** Picks among the built-in prompts: six in ten short, three medium, one long; within a class all alike. */
export function createBuiltInPicker(seed: Seed): PromptPicker {
  const pickers = PROMPT_CLASSES.map((name) =>
    createPromptPicker(builtIn.classes[name].map(promptOf), `${seed} ${name}`),
  );
  const weights = PROMPT_CLASSES.map((name) => builtIn.weights[name]);
  const sum = weights.reduce((total, weight) => total + weight, 0);
  const unitAt = createUnitStream(seed, 'prompt-class');
  const fallback = promptOf(builtIn.classes.short[0] ?? '');
  return {
    pick(requestIndex) {
      let rest = unitAt(requestIndex) * sum;
      const at = weights.findIndex((weight) => (rest -= weight) < 0);
      return pickers[at]?.pick(requestIndex) ?? fallback;
    },
  };
}
