import builtIn from '../../data/prompts.json';
import { createBoundSearch } from './picker.ts';
import { type Prompt, promptOf, type PromptPicker } from './prompt.ts';
import { createUnitStream, indexOf, type Seed } from './random.ts';

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

/** The row of a data set of `count` rows that request i uses, from 0: uniform, by a hash of seed and request. */
export function createIndexPicker(count: number, seed: Seed): (requestIndex: number) => number {
  const unitAt = createUnitStream(seed, 'prompt');
  return (requestIndex) => indexOf(unitAt(requestIndex), count);
}

/** Picks among the built-in prompts: six in ten short, three medium, one long; within a class all alike. */
export function createBuiltInPicker(seed: Seed): PromptPicker {
  const unitAt = createUnitStream(seed, 'prompt');
  const texts: string[] = [];
  const shares: number[] = [];
  for (const name of PROMPT_CLASSES) {
    for (const text of builtIn.classes[name]) {
      texts.push(text);
      shares.push(builtIn.weights[name] / builtIn.classes[name].length);
    }
  }
  const indexAt = createBoundSearch(shares);
  // Made when they are first asked: most VUs ask few of them.
  const prompts: Prompt[] = [];
  return {
    pick: (requestIndex) => {
      const index = indexAt(unitAt(requestIndex));
      return (prompts[index] ??= promptOf(texts[index] ?? 'Hello.'));
    },
  };
}
