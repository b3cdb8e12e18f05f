import { type KindName, kindOf } from '../kinds/kinds.ts';
import type { Mix } from './mix.ts';

/** One kind of request of a scenario that mixes several. */
export type Task = {
  name: string;
  /** Against the other tasks' weights. */
  weight: number;
  /** Of request; by default the run's. */
  kind?: KindName;
  model: string;
  maxTokens: number;
  temperature: number;
  stream: boolean;
  prompts: readonly string[];
};

/** How a run asks for answers: its tasks say it each for itself, where it has any. */
export function streamMode(
  tasks: readonly Pick<Task, 'stream' | 'kind'>[],
  stream: boolean,
  kinds: readonly KindName[],
): StreamMode {
  const isText = (kind: KindName): boolean => kindOf(kind).answers === 'text';
  if (tasks.length === 0) {
    if (!stream || !kinds.some(isText)) return 'blocking';
    return kinds.every(isText) ? 'streamed' : 'partly streamed';
  }
  const streamed = tasks.filter(
    (task) => task.stream && (task.kind === undefined || isText(task.kind)),
  ).length;
  return streamed === 0 ? 'blocking' : streamed === tasks.length ? 'streamed' : 'partly streamed';
}

export type StreamMode = 'streamed' | 'blocking' | 'partly streamed';

/**
 * The tasks with the user's models in place of their own, where `LLM_MIX` is set: the first model of the mix
 * chats and counts, the second (or the only one) gives short answers.
 */
export function withModelsOf(tasks: readonly Task[], mix: Mix): Task[] {
  const [first, second = first] = mix;
  const own = [...new Set(tasks.map(({ model }) => model))];
  return tasks.map((task) => {
    const entry = own.indexOf(task.model) === 0 ? first : second;
    return { ...task, model: entry?.model ?? task.model };
  });
}

/** The mix of models that tasks amount to. */
export function mixOfTasks(tasks: readonly Task[]): Mix {
  const sum = tasks.reduce((total, { weight }) => total + weight, 0);
  const asked = new Map<string, { model: string; kind: KindName | null; weight: number }>();
  for (const { model, kind = null, weight } of tasks) {
    const key = `${kind ?? ''}:${model}`;
    asked.set(key, { model, kind, weight: (asked.get(key)?.weight ?? 0) + weight });
  }
  return [...asked.values()].map((entry) => ({ ...entry, shareRatio: entry.weight / sum }));
}
