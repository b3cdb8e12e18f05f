import { createRowOrder } from '../../prompts/row-order.ts';
import type { Task } from '../../prompts/tasks.ts';
import { createWeightedPicker } from '../../prompts/weighted-picker.ts';
import type { Message } from '../../request/message.ts';
import type { VuSettings } from '../../settings/settings.ts';
import type { KindName } from '../../kinds/kinds.ts';
import { kindFor } from './kind-for.ts';
import { systemText } from './system-text.ts';

/** A task as it is asked. */
type AskedTask = { messages: readonly Message[] } & Omit<Task, 'prompts' | 'weight'>;

/** The task of iteration i, by weight, and one of its prompts: each once before any comes again. */
export function createTaskPicker(
  tasks: readonly Task[],
  settings: VuSettings,
): (iteration: number) => AskedTask {
  const system = systemText(settings);
  const picker = createWeightedPicker(
    tasks.map(({ weight }) => weight),
    settings.seed,
    'task',
  );
  const choices = tasks.map(({ prompts, weight: _weight, ...task }) => {
    const asked = prompts.map((text): AskedTask => {
      return {
        ...task,
        messages: messagesOf(text, { ...task, prompts, system, kind: task.kind ?? settings.kind }),
      };
    });
    const rowAt = createRowOrder(asked.length, `${settings.seed} ${task.name}`);
    return (iteration: number) => asked[rowAt(iteration)];
  });
  return (iteration) => {
    const task = choices[picker.pick(iteration)]?.(iteration);
    if (task === undefined)
      throw new Error('user.task: this scenario has no tasks; write defineScenario({ tasks: … })');
    return task;
  };
}

/** A user's words behind the system message; for kinds without one the text, and behind a query all others of the task. */
function messagesOf(
  text: string,
  { kind, prompts, system }: { kind: KindName; prompts: readonly string[]; system: string | null },
): readonly Message[] {
  const { answers, hasQuery } = kindFor(kind);
  const asUser = (content: string): Message => ({ role: 'user', content });
  if (answers === 'items') {
    return (hasQuery ? [text, ...prompts.filter((other) => other !== text)] : [text]).map(asUser);
  }
  return system === null ? [asUser(text)] : [{ role: 'system', content: system }, asUser(text)];
}
