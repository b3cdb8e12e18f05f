import type { Settings } from '../config/settings.ts';
import { type Conversation, startConversation } from '../conversation.ts';
import type { Prompt, PromptPicker } from '../prompts.ts';
import { createSyntheticPicker, outputTokensFor, sharedPrefix } from '../synthetic.ts';
import { systemText } from './prompts.ts';

/** What iteration i says, turn by turn, and how long its answers may be. */
export type Conversations = {
  /** @param due lengths that a trace asks for; null without one. */
  open: (iteration: number, due: Lengths | null) => { conversation: Conversation; maxTokens: number };
};

/** Tokens of the prompt and of the answer; null: not told. */
export type Lengths = { inputTokens: number | null; outputTokens: number | null };

/** One VU's conversations. Openings of built-in prompts are few: each is made once, and so is its JSON. */
export function createConversations(settings: Settings, prompts: PromptPicker): Conversations {
  const { turns, seed, outputTokens, sharedPrefixTokens } = settings;
  const systemPrompt = systemText(settings);
  const prefix = sharedPrefixTokens === 0 ? null : sharedPrefix(sharedPrefixTokens, seed);
  const isReusable =
    settings.arrivals.kind !== 'trace' &&
    turns === 1 &&
    settings.datasetFile === null &&
    settings.inputTokens === null;
  const known = new Map<Prompt, Conversation>();
  const start = (prompt: Prompt, conversationIndex: number): Conversation =>
    startConversation({ prompt, systemPrompt, sharedPrefix: prefix, turns, seed, conversationIndex });
  return {
    open: (iteration, due) => {
      const ofLength = due?.inputTokens ?? null;
      const prompt = ofLength === null ? prompts.pick(iteration) : promptOfLength(ofLength, seed, iteration);
      let conversation = isReusable ? known.get(prompt) : undefined;
      if (conversation === undefined) {
        conversation = start(prompt, iteration);
        if (isReusable) known.set(prompt, conversation);
      }
      const wanted =
        outputTokens === null ? prompt.maxTokens : outputTokensFor(outputTokens, seed, iteration);
      return { conversation, maxTokens: wanted ?? settings.maxTokens };
    },
  };
}

/** A prompt as long as a trace says. */
function promptOfLength(tokens: number, seed: number, iteration: number): Prompt {
  const inputTokens = { kind: 'constant', value: tokens } as const;
  return createSyntheticPicker({ inputTokens, turns: 1, correctionRatio: 1, seed }).pick(iteration);
}
