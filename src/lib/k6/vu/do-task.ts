import { createWeightedPicker } from '../../prompts/weighted-picker.ts';
import { createRowOrder } from '../../prompts/row-order.ts';
import type { Message } from '../../request/message.ts';
import type { Task } from '../../prompts/tasks.ts';
import { systemText } from './system-text.ts';
import { request } from './request.ts';
import { isMeasured, think, type Vu } from './vu.ts';

/** One iteration of a scenario of several tasks: one of them, by weight, and a user's pause. */
export function doTask(vu: Vu): void {
  const plan = planFor(vu);
  const iteration = vu.iteration();
  const index = plan.pick(iteration);
  const task = vu.run.tasks[index];
  const messages = plan.messagesOf(index, iteration);
  if (task === undefined) return;
  const composed = vu.compose({
    kind: vu.run.settings.kind,
    model: task.model,
    messages,
    maxTokens: task.maxTokens,
    exactLength: false,
    stream: task.stream,
    temperature: task.temperature,
    wantsText: false,
  });
  const measured = isMeasured(vu);
  vu.tags['stream'] = String(task.stream);
  request(vu, vu.clientFor(measured), composed, { iteration, measured, lagMs: null, pair: null });
  think(vu, iteration);
}

type TaskPlan = {
  pick: (iteration: number) => number;
  messagesOf: (task: number, iteration: number) => readonly Message[];
};

let plan: TaskPlan | null = null;

/** One VU has one of these modules, so one plan. */
function planFor(vu: Vu): TaskPlan {
  plan ??= createPlan(vu.run.tasks, vu);
  return plan;
}

function createPlan(tasks: readonly Task[], vu: Vu): TaskPlan {
  const { settings } = vu.run;
  const system = systemText(settings);
  const picker = createWeightedPicker(
    tasks.map(({ weight }) => weight),
    settings.seed,
    'task',
  );
  const lists = tasks.map(({ name, prompts }) => {
    const choices = prompts.map((text): readonly Message[] => [
      ...(system === null ? [] : [{ role: 'system' as const, content: system }]),
      { role: 'user', content: text },
    ]);
    const rowAt = createRowOrder(choices.length, `${settings.seed} ${name}`);
    return (iteration: number): readonly Message[] => choices[rowAt(iteration)] ?? [];
  });
  return {
    pick: (iteration) => picker.pick(iteration),
    messagesOf: (task, iteration) => lists[task]?.(iteration) ?? [],
  };
}
