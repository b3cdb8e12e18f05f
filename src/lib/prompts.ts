import builtIn from '../../data/prompts.json';
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
  const classes = PROMPT_CLASSES.map((name) => ({
    texts: builtIn.classes[name],
    weight: builtIn.weights[name],
    // Made when they are first asked: most VUs ask few of them.
    prompts: [] as Prompt[],
  }));
  const last = classes.length - 1;
  let weights = 0;
  for (const { weight } of classes) weights += weight;
  return {
    pick: (requestIndex) => {
      let place = unitAt(requestIndex) * weights;
      let at = 0;
      while (at < last && place >= (classes[at]?.weight ?? 0)) place -= classes[at++]?.weight ?? 0;
      const { texts, weight, prompts } = classes[at] as (typeof classes)[number];
      const index = indexOf(place / weight, texts.length);
      return (prompts[index] ??= promptOf(texts[index] as string));
    },
  };
}
