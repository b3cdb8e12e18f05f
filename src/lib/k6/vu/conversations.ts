import type { VuSettings } from '../../settings/settings.ts';
import { type Conversation, startConversation } from '../../prompts/conversation.ts';
import { type Prompt, promptOf, type PromptPicker } from '../../prompts/prompt.ts';
import type { DueRequest } from '../../plan/planned-parts.ts';
import type { SyntheticTexts } from '../../prompts/synthetic-texts.ts';
import { synthetic } from '../parts.ts';
import { systemText } from './system-text.ts';

/** What iteration i says, turn by turn, and how long its answers may be. */
export type Conversations = {
  /** @param due lengths that a trace asks for; null without one. */
  open: (iteration: number, due: Lengths | null) => { conversation: Conversation; maxTokens: number };
};

/** Tokens of the prompt and of the answer, and the prompt's hashed blocks; null: not told. */
export type Lengths = Omit<DueRequest, 'atMs' | 'later'>;

/** One VU's conversations. Openings of built-in prompts are few: each is made once, and so is its JSON. */
export function createConversations(
  settings: VuSettings,
  prompts: PromptPicker,
  correctionRatio: number,
  saltFor: (iteration: number) => string | null = () => null,
): Conversations {
  const { turns, seed, outputTokens, sharedPrefixTokens } = settings;
  const systemPrompt = systemText(settings);
  const sharedPrefix = sharedPrefixTokens === 0 ? null : synthetic().sharedPrefix(sharedPrefixTokens, seed);
  const isReusable =
    turns === 1 && settings.datasetFile === null && settings.inputTokens === null && !settings.cacheBust;
  const known = new Map<Prompt, Conversation>();
  const promptFor = createPromptFor(prompts, { seed, correctionRatio });
  const start = (prompt: Prompt, conversationIndex: number): Conversation =>
    startConversation({ prompt, systemPrompt, sharedPrefix, turns, seed, conversationIndex });
  const drawLimit = (iteration: number): number | null =>
    outputTokens === null ? null : synthetic().outputTokensFor(outputTokens, seed, iteration);
  return {
    open: (iteration, due) => {
      const wantedInput = due?.inputTokens ?? null;
      const prompt = promptFor(iteration, wantedInput, due);
      let conversation = known.get(prompt);
      if (conversation === undefined) {
        conversation = withSalt(start(prompt, iteration), saltFor(iteration));
        if (isReusable && wantedInput === null) known.set(prompt, conversation);
      }
      const traced = due?.outputTokens ?? null;
      const wanted = traced === null ? (drawLimit(iteration) ?? prompt.maxTokens) : Math.max(1, traced);
      return { conversation, maxTokens: wanted ?? settings.maxTokens };
    },
  };
}

/** With a text of its own in front of everything (`LLM_CACHE_BUST`). */
function withSalt(conversation: Conversation, salt: string | null): Conversation {
  const [first, ...others] = conversation.messages;
  if (salt === null || first === undefined) return conversation;
  return { ...conversation, messages: [{ ...first, content: `${salt}\n${first.content}` }, ...others] };
}

/** The run's own prompts, or one as long as a trace says. */
function createPromptFor(
  prompts: PromptPicker,
  { seed, correctionRatio }: { seed: number; correctionRatio: number },
): (iteration: number, tokens: number | null, due: Lengths | null) => Prompt {
  let texts: SyntheticTexts | null = null;
  return (iteration, tokens, due) => {
    if (tokens === null) return prompts.pick(iteration);
    texts ??= synthetic().createSyntheticTexts(seed);
    const { blocks = null, blockTokens = null } = due ?? {};
    if (blocks !== null && blockTokens !== null) {
      const lengths = { blockTokens: blockTokens * correctionRatio, tokens: tokens * correctionRatio };
      return promptOf(texts.blockText(iteration, { names: blocks, ...lengths }));
    }
    return promptOf(texts.text({ requestIndex: iteration, turn: 1 }, tokens * correctionRatio));
  };
}
