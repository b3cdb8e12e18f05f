import exec from 'k6/execution';
import { hashUnit, indexOf } from '../../numbers/random.ts';
import type { Message } from '../../request/message.ts';
import { sleep } from '../engine/k6-api.ts';
import { pauses } from '../parts.ts';
import type { Question, TaskQuestion, User } from '../scenario-user.ts';
import { createChat, openChat } from './chat.ts';
import { composeOwn } from './compose-own.ts';
import { replyOf } from './reply.ts';
import { kindFor } from './kind-for.ts';
import { send } from './send.ts';
import { systemText } from './system-text.ts';
import { createTaskPicker } from './task-picker.ts';
import { timeStep } from './time-step.ts';
import { think, type Vu } from './vu.ts';

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
  return composed === null || isOwn
    ? composeOwn(vu, { maxTokens, ...question, messages: conversation.messages })
    : composed;
}
