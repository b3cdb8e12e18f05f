import * as builtIn from '../../../data/prompts.json';
import { type Prompt, promptOf, type PromptPicker } from './prompt.ts';
import { createUnitStream, indexOf, type Seed } from '../numbers/random.ts';

/** About 20, 130 and 500 tokens. */
export const PROMPT_CLASSES = ['short', 'medium', 'long'] as const;

/** The system message when `LLM_SYSTEM_PROMPT` is not set. */
export const DEFAULT_SYSTEM_PROMPT = builtIn.systemPrompt;

/** What a user says next when a conversation has more turns than its prompt. */
export const CONTINUATIONS: readonly string[] = builtIn.continuations;

/** Picks among the built-in prompts: six in ten short, three medium, one long; within a class all alike. */
export function createBuiltInPicker(seed: Seed): PromptPicker {
  const unitAt = createUnitStream(seed, 'prompt');
  let weights = 0;
  const classes = PROMPT_CLASSES.map((name) => {
    const from = weights;
    const weight = builtIn.weights[name];
    weights += weight;
    // Prompts are made when they are first asked: most VUs ask few of them.
    return { from, to: weights, weight, texts: builtIn.classes[name], prompts: [] as Prompt[] };
  });
  return {
    pick: (requestIndex) => {
      const place = unitAt(requestIndex) * weights;
      let at = 0;
      while (place >= (classes[at]?.to ?? Infinity)) at++;
      const { from, weight, texts, prompts } = classes[at] as (typeof classes)[number];
      const index = indexOf((place - from) / weight, texts.length);
      return (prompts[index] ??= promptOf(texts[index] as string));
    },
  };
}
