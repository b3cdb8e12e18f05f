import type { VuSettings } from '../../settings/settings.ts';
import { type Conversation, startConversation } from '../../prompts/conversation.ts';
import type { OwnRequest } from '../../prompts/dataset/own-request.ts';
import { type Prompt, promptOf, type PromptPicker } from '../../prompts/prompt.ts';
import type { DueRequest } from '../../plan/planned-parts.ts';
import type { SyntheticTexts } from '../../prompts/synthetic-texts.ts';
import type { Pictures } from '../../prompts/pictures/pictures.ts';
import type { KindName } from '../../kinds/kinds.ts';
import type { Composed } from './composer.ts';
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
  /** Its first request; null: not made yet. The same words may come again in the same object, request and all. */
  composed: Composed | null;
};

/** Tokens of the prompt and of the answer, and the prompt's hashed blocks; null: not told. */
export type Lengths = Omit<DueRequest, 'atMs' | 'later'>;

/** One VU's conversations. Openings of built-in prompts are few: each is made once, and so is its request. */
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
  const known = new Map<Prompt, Opened>();
  const promptFor = createPromptFor(prompts, { seed, correctionRatio });
  const openAnew = (prompt: Prompt, kind: KindName, iteration: number): Opened => {
    const started = startConversation({
      prompt,
      systemPrompt,
      sharedPrefix,
      turns,
      seed,
      conversationIndex: iteration,
    });
    return {
      kind,
      conversation: withSalt(started, saltFor(iteration), prompt.own),
      maxTokens: prompt.maxTokens ?? settings.maxTokens,
      own: prompt.own,
      pictures: NO_PICTURES,
      composed: null,
    };
  };
  let picturesOf: Pictures | null = null;
  const show = (iteration: number): readonly string[] => {
    picturesOf ??= pictures().createPictures(settings.images, seed);
    return picturesOf(iteration, saltFor(iteration));
  };
  /** What each request has for itself: a length of its own, pictures. */
  const draws = outputTokens !== null || settings.images.length > 0;
  const drawn = (opened: Opened, iteration: number, traced: number | null): Opened => {
    const limit = outputTokens === null ? null : synthetic().outputTokensFor(outputTokens, seed, iteration);
    const maxTokens = traced === null ? (limit ?? opened.maxTokens) : Math.max(1, traced);
    const isShown = settings.images.length > 0 && kindFor(opened.kind).picture !== null;
    return { ...opened, maxTokens, pictures: isShown ? show(iteration) : NO_PICTURES, composed: null };
  };
  return {
    open: (iteration, due, kindOfRun) => {
      const wantedInput = due === null ? null : due.inputTokens;
      const prompt = promptFor(iteration, wantedInput, due);
      const kind = prompt.kind ?? kindOfRun;
      let opened = known.get(prompt);
      if (opened === undefined || opened.kind !== kind) {
        const sent = kindFor(kind);
        if (sent.answers === 'items') {
          const nth = (number: number): Prompt => promptFor(number, wantedInput, due);
          const inputs = settings.inputsPerRequest ?? sent.defaultInputs;
          const texts = textsFor({ iteration, prompt, nth, inputs: inputs + (sent.hasQuery ? 1 : 0) });
          const messages = texts.map((content): Message => ({ role: 'user', content }));
          const conversation = { turn: 1, messages, pending: [] };
          return {
            kind,
            conversation,
            maxTokens: 0,
            own: prompt.own,
            pictures: NO_PICTURES,
            composed: null,
          };
        }
        opened = openAnew(prompt, kind, iteration);
        if (isReusable && wantedInput === null) known.set(prompt, opened);
      }
      const traced = due === null ? null : due.outputTokens;
      return traced === null && !draws ? opened : drawn(opened, iteration, traced);
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
