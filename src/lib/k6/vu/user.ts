import exec from 'k6/execution';
import { hashUnit, indexOf } from '../../numbers/random.ts';
import type { Message } from '../../request/message.ts';
import type { Task } from '../../prompts/tasks.ts';
import { sleep } from '../engine/k6-api.ts';
import { pauses } from '../parts.ts';
import { type Chat, createChat, openChat } from './chat.ts';
import { composeOwn, type OwnQuestion } from './compose-own.ts';
import { type Reply, replyOf } from './reply.ts';
import { kindFor } from './kind-for.ts';
import { send } from './send.ts';
import { systemText } from './system-text.ts';
import { createTaskPicker } from './task-picker.ts';
import { timeStep } from './time-step.ts';
import { think, type Vu } from './vu.ts';

/** One user of the load, in one iteration: what a scenario's function is given. All of it waits until it is done. */
export type User<Prepared = undefined> = {
  /** The VU's number in the run, from 1. */
  readonly id: number;
  /** What the scenario's `prepare` returned. */
  readonly prepared: Prepared;
  /** Number of this iteration in its part of the run, from 0, over all users. */
  iteration: () => number;
  /** The model of the mix whose turn this iteration is. */
  model: () => string;
  /**
   * Asks a model once. Without `prompt` and `messages` it asks the run's next prompt. The request is counted, priced,
   * timed and retried as in every scenario.
   */
  ask: (question?: Question) => Reply;
  /** Begins a conversation. */
  chat: (options?: ChatOptions) => Chat;
  /**
   * Pauses as long as a user does (`LLM_THINK_TIME`; in loads of `users` only), or as long as is said: `2s`, `1s-3s`.
   */
  pause: (span?: string) => void;
  /** Times what the function does, as `ai_step_ms{name:…}`. HTTP requests within it carry the tag `name`, too. */
  step: <Result>(name: string, work: () => Result) => Result;
  /** One of a list, by the run's seed, the iteration and how many were picked in it before. */
  pick: <Item>(list: readonly Item[]) => Item;
  /** The next of the scenario's `tasks`, by weight, ready to be asked. */
  task: () => TaskQuestion;
};

/** What is asked; what is left out is as the run's settings say. */
export type Question = Omit<OwnQuestion, 'messages'> & {
  /** What the user says, after the system message. */
  prompt?: string;
  /** The system message in place of the run's; null: none. */
  system?: string | null;
  /** The whole conversation instead, sent as it is. */
  messages?: readonly QuestionMessage[];
};

/** A message as the server takes it. */
export type QuestionMessage = Message | ({ role: string } & Readonly<Record<string, unknown>>);

/** How a conversation begins; what is left out is as the run's settings say. */
export type ChatOptions = { model?: string; system?: string | null };

/** A kind of request that is drawn by weight, with one of its prompts. */
export type TaskQuestion = { model: string; messages: readonly Message[] } & Pick<
  Task,
  'kind' | 'maxTokens' | 'temperature' | 'stream' | 'name'
>;

/** The user of a VU: one after another, and one object for all of them. */
export function createUser(vu: Vu, prepared: unknown): User<unknown> {
  const { settings, tasks } = vu.run;
  const runSystem = systemText(settings);
  const opening = (system: string | null | undefined): readonly Message[] => {
    const text = system === undefined ? runSystem : system;
    return text === null ? [] : [{ role: 'system', content: text }];
  };
  let picked = { iteration: -1, count: 0 };
  let nextTask: ((iteration: number) => TaskQuestion) | null = null;
  return {
    id: exec.vu.idInTest,
    prepared,
    iteration: () => vu.iteration,
    model: () => vu.model,
    ask: (question = {}) => {
      const { prompt, messages, system } = question;
      if (prompt === undefined && messages === undefined)
        return replyOf(send(vu, askRun(vu, question), null));
      // Kinds that are not answered with text have no system message.
      const isText = kindFor(question.kind ?? vu.kind).answers === 'text';
      const before = isText ? opening(system) : [];
      const whole = messages ?? [...before, { role: 'user', content: prompt ?? '' }];
      // Whatever a server may take: nobody here looks into it.
      const sent = whole as readonly Message[];
      return replyOf(send(vu, composeOwn(vu, { ...question, messages: sent }), null));
    },
    chat: ({ model = vu.model, system } = {}) => createChat(vu, { model, opening: opening(system) }),
    pause: (span) => {
      if (span === undefined) think(vu);
      else sleep(pauses().pauseSec(span, vu.thinkUnit(vu.iteration)));
    },
    step: (name, work) => timeStep(vu, name, work),
    pick: (list) => {
      if (picked.iteration !== vu.iteration) picked = { iteration: vu.iteration, count: 0 };
      const unit = hashUnit(settings.seed, 'pick', vu.iteration, picked.count++);
      const item = list[indexOf(unit, list.length)];
      if (item === undefined) throw new Error('user.pick: got an empty list; expected at least one item');
      return item;
    },
    task: () => (nextTask ??= createTaskPicker(tasks, settings))(vu.iteration),
  };
}

/** The run's next prompt, with what the question says of its own. */
function askRun(vu: Vu, question: Question): ReturnType<typeof composeOwn> {
  const isOwn = Object.keys(question).length > 0;
  const { conversation, maxTokens, composed } = openChat(vu, question.kind);
  return isOwn ? composeOwn(vu, { maxTokens, ...question, messages: conversation.messages }) : composed;
}
