import type { VuSettings } from '../../settings/settings.ts';
import { type Conversation, startConversation } from '../../prompts/conversation.ts';
import type { OwnRequest } from '../../prompts/dataset/own-request.ts';
import { type Prompt, promptOf, type PromptPicker } from '../../prompts/prompt.ts';
import type { DueRequest } from '../../plan/planned-parts.ts';
import type { SyntheticTexts } from '../../prompts/synthetic-texts.ts';
import type { Pictures } from '../../prompts/pictures/pictures.ts';
import type { KindName } from '../../kinds/kinds.ts';
import type { Message } from '../../request/message.ts';
import { pictures, synthetic } from '../parts.ts';
import { kindFor } from './kind-for.ts';
import { systemText } from './system-text.ts';

/** What iteration i says, turn by turn, and how long its answers may be. */
export type Conversations = {
  /**
   * @param due lengths that a trace asks for; null without one.
   * @param kind of what is to be sent, unless the prompt names one.
   */
  open: (iteration: number, due: Lengths | null, kind: KindName) => Opened;
};

/** What is said, of which kind that is, and how long an answer may be; 0 where it is no text. */
export type Opened = {
  kind: KindName;
  conversation: Conversation;
  maxTokens: number;
  /** Fields and messages that are sent as the row has them; null: none. */
  own: OwnRequest | null;
  /** What the user shows when he begins, as base64 of PNGs. */
  pictures: readonly string[];
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
  let picturesOf: Pictures | null = null;
  const show = (iteration: number): readonly string[] => {
    if (settings.images.length === 0) return NO_PICTURES;
    picturesOf ??= pictures().createPictures(settings.images, seed);
    return picturesOf(iteration, saltFor(iteration));
  };
  return {
    open: (iteration, due, kindOfRun) => {
      const wantedInput = due?.inputTokens ?? null;
      const prompt = promptFor(iteration, wantedInput, due);
      const kind = prompt.kind ?? kindOfRun;
      const sent = kindFor(kind);
      if (sent.answers === 'items') {
        const nth = (number: number): Prompt => promptFor(number, wantedInput, due);
        const inputs = settings.inputsPerRequest ?? sent.defaultInputs;
        const texts = textsFor({ iteration, prompt, nth, inputs: inputs + (sent.hasQuery ? 1 : 0) });
        const messages = texts.map((content): Message => ({ role: 'user', content }));
        const conversation = { turn: 1, messages, pending: [] };
        return { kind, conversation, maxTokens: 0, own: prompt.own, pictures: NO_PICTURES };
      }
      let conversation = known.get(prompt);
      if (conversation === undefined) {
        conversation = withSalt(start(prompt, iteration), saltFor(iteration), prompt.own);
        if (isReusable && wantedInput === null) known.set(prompt, conversation);
      }
      const traced = due?.outputTokens ?? null;
      const wanted = traced === null ? (drawLimit(iteration) ?? prompt.maxTokens) : Math.max(1, traced);
      const shown = sent.picture === null ? NO_PICTURES : show(iteration);
      return {
        kind,
        conversation,
        maxTokens: wanted ?? settings.maxTokens,
        own: prompt.own,
        pictures: shown,
      };
    },
  };
}

const NO_PICTURES: readonly string[] = [];

/** With a text of its own in front of everything (`LLM_CACHE_BUST`). */
function withSalt(conversation: Conversation, salt: string | null, own: OwnRequest | null): Conversation {
  const [first, ...others] = conversation.messages;
  if (salt === null || first === undefined) return conversation;
  // Messages that are sent as they stand have no place for it: it goes in front of them.
  if ((own?.messages ?? null) !== null && first.role !== 'system')
    return { ...conversation, messages: [{ role: 'system', content: salt }, first, ...others] };
  return { ...conversation, messages: [{ ...first, content: `${salt}\n${first.content}` }, ...others] };
}

/** Far from the numbers of other iterations, and prime, so that all rows come by. */
const NEXT_TEXT = 1_000_003;

/**
 * The texts of one request: those that a row has for itself, else the run's next prompts, each of which comes once before
 * any comes again.
 */
function textsFor({
  iteration,
  prompt,
  nth,
  inputs,
}: {
  iteration: number;
  prompt: Prompt;
  nth: (number: number) => Prompt;
  inputs: number;
}): string[] {
  const own = [...prompt.documents, ...prompt.followUps];
  if (own.length > 0) return [textOf(prompt), ...own];
  // A row that names its kind stays the first; the others are not to be of its neighbours.
  const isChosen = prompt.kind !== null;
  return Array.from({ length: inputs }, (_, index) => {
    if (isChosen && index === 0) return textOf(prompt);
    return textOf(nth(isChosen ? iteration + index * NEXT_TEXT : iteration * inputs + index));
  });
}

/** What the user says last. */
function textOf({ messages }: Prompt): string {
  return messages[messages.length - 1]?.content ?? '';
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
