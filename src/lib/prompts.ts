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

/** The row of a data set of `count` rows that request i uses, from 0: uniform, by a hash of seed and request. */
export function createIndexPicker(count: number, seed: Seed): (requestIndex: number) => number {
  const unitAt = createUnitStream(seed, 'prompt');
  return (requestIndex) => indexOf(unitAt(requestIndex), count);
}

/** Picks among the built-in prompts: six in ten short, three medium, one long; within a class all alike. */
export function createBuiltInPicker(seed: Seed): PromptPicker {
  const unitAt = createUnitStream(seed, 'prompt');
  const sum = PROMPT_CLASSES.reduce((total, name) => total + builtIn.weights[name], 0);
  const all = PROMPT_CLASSES.flatMap((name) => {
    const texts = builtIn.classes[name];
    return texts.map((text) => ({
      prompt: promptOf(text),
      share: builtIn.weights[name] / texts.length / sum,
    }));
  });
  return {
    pick(requestIndex) {
      let rest = unitAt(requestIndex);
      for (const { prompt, share } of all) {
        rest -= share;
        if (rest < 0) return prompt;
      }
      return all[all.length - 1]?.prompt ?? promptOf('Hello.');
    },
  };
}
