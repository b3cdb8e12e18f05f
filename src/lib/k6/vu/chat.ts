import { type Conversation, continueConversation } from '../../prompts/conversation.ts';
import type { OwnRequest } from '../../prompts/dataset/own-request.ts';
import type { KindName } from '../../kinds/kinds.ts';
import type { VuSettings } from '../../settings/settings.ts';
import type { Message } from '../../request/message.ts';
import type { Ask, Composed } from './composer.ts';
import { composeOwn } from './compose-own.ts';
import { kindFor } from './kind-for.ts';
import type { Opened } from './conversations.ts';
import type { Recorded } from './recorder.ts';
import { pictures } from '../parts.ts';
import { openSession, sendNextTurn } from './open-session.ts';
import type { Chat, Reply } from '../scenario-user.ts';
import { replyOf } from './reply.ts';
import { send } from './send.ts';
import { chooseModel, type Vu } from './vu.ts';

/** Opens the run's conversation of so many requests of this iteration before it. Ahead of its turn: it may take a while. */
export function openChat(vu: Vu, kind = vu.kind): Opened {
  const opened = vu.conversations.open(nextPromptIndex(vu), vu.due, kind);
  if (opened.kind !== vu.kind) chooseModel(vu, opened.kind);
  // The same words come again in the same object: for one model, their request is made once.
  if (opened.composed?.model !== vu.model) opened.composed = composeTurn(vu, vu.model, opened);
  return opened;
}

/** Far from the numbers of other iterations, and prime, so that all prompts come by. */
const NEXT_PROMPT = 1_000_003;

/** The number under which the next prompt of this iteration is looked up: its own first, then others. */
export function nextPromptIndex(vu: Vu): number {
  return vu.iteration + vu.prompted++ * NEXT_PROMPT;
}

/** The run's own conversation on its way, and what was asked in it beside. */
export type RunChat = { run: RunTurn | null; turns: number; last: Recorded | null };

/** Says the next turn of the run's own conversation. @returns null when it is over. */
export function sayNext(vu: Vu, chat: RunChat, model: string): Recorded | null {
  if (vu.sessions !== null) {
    const session = (vu.session ??= openSession(vu, vu.sessions));
    chat.last = sendNextTurn(vu, session);
    return chat.last;
  }
  let composed: Composed;
  if (chat.run === null) {
    const opened = vu.opened ?? openChat(vu);
    vu.opened = null;
    chat.run = opened;
    composed = opened.composed ?? composeTurn(vu, model, opened);
  } else {
    if (chat.run.conversation.pending.length === 0 || chat.last?.attempt.outcome.kind === 'aborted')
      return null;
    const conversation = continueConversation(chat.run.conversation, chat.last?.text ?? '');
    if (conversation === null) return null;
    chat.run = { ...chat.run, conversation };
    composed = composeTurn(vu, model, chat.run);
  }
  chat.turns++;
  chat.last = send(vu, composed, vu.run.settings.turns > 1 ? chat.turns : null);
  return chat.last;
}

/** A conversation that nobody has begun; its history lives as long as this does. */
export function createChat(vu: Vu, options: { model: string; opening: readonly Message[] }): Chat {
  const chat: RunChat = { run: null, turns: 0, last: null };
  let history: readonly Message[] = options.opening;
  const told = (recorded: Recorded, said: readonly Message[]): Reply => {
    const { text, attempt } = recorded;
    if (attempt.outcome.kind === 'ok') history = text === null ? said : [...said, answered(text)];
    return replyOf(recorded);
  };
  return {
    next: () => {
      const recorded = sayNext(vu, chat, options.model);
      if (recorded === null) return null;
      return chat.run === null ? replyOf(recorded) : told(recorded, chat.run.conversation.messages);
    },
    ask: (question) => {
      const { prompt, maxTokens } = typeof question === 'string' ? { prompt: question } : question;
      const messages: readonly Message[] = [...history, { role: 'user', content: prompt }];
      const asked = { model: options.model, messages, ...(maxTokens === undefined ? {} : { maxTokens }) };
      chat.turns++;
      chat.last = send(vu, composeOwn(vu, asked), chat.turns);
      return told(chat.last, messages);
    },
    messages: () => history,
  };
}

function answered(content: string): Message {
  return { role: 'assistant', content };
}

type RunTurn = Omit<Opened, 'composed'>;

function composeTurn(
  vu: Vu,
  model: string,
  { kind, conversation, maxTokens, own, pictures: shown }: RunTurn,
): Composed {
  const { settings } = vu.run;
  return vu.compose({
    kind,
    model,
    messages: conversation.messages,
    maxTokens,
    exactLength: vu.wantsExactLength,
    stream: settings.stream,
    temperature: settings.temperature,
    wantsText: vu.wantsText || conversation.pending.length > 0,
    ...(shown.length === 0
      ? {}
      : { encoded: pictures().encodeShown(kindFor(kind), conversation.messages, shown) }),
    ...(own === null ? {} : ownParts(own, { kind, conversation, settings })),
  });
}

/** What a row of the data set brings itself, `LLM_EXTRA_BODY` over it. Its messages open a conversation, and end it. */
function ownParts(
  { fields, messages }: OwnRequest,
  { kind, conversation, settings }: { kind: KindName; conversation: Conversation; settings: VuSettings },
): Pick<Ask, 'extra' | 'encoded'> {
  const extra = { ...fields, ...settings.extraBody };
  const encodeRaw = messages === null ? null : kindFor(kind).encodeRaw;
  if (messages === null || encodeRaw === null) return { extra };
  const system = conversation.messages.find(({ role }) => role === 'system')?.content ?? null;
  return { extra, encoded: encodeRaw(system, messages) };
}
