import { createRowOrder } from '../../prompts/row-order.ts';
import type { Task } from '../../prompts/tasks.ts';
import { createWeightedPicker } from '../../prompts/weighted-picker.ts';
import type { Message } from '../../request/message.ts';
import type { VuSettings } from '../../settings/settings.ts';
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
      const question: Message = { role: 'user', content: text };
      return {
        ...task,
        messages: system === null ? [question] : [{ role: 'system', content: system }, question],
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
