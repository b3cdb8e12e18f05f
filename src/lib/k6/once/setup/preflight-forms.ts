import type { Message } from '../../../request/message.ts';
import { firstShown } from '../../../prompts/pictures/first-shown.ts';
import { entriesFor } from '../../../prompts/entries-for.ts';
import { type KindName, kindOf } from '../../../kinds/kinds.ts';
import type { Settings } from '../../../settings/settings.ts';
import type { DueRequest } from '../../../plan/planned-parts.ts';
import { createConversations, type Opened } from '../../vu/conversations.ts';
import { systemText } from '../../vu/system-text.ts';
import type { PlannedRun } from '../plan-run.ts';

/** A request that the run will send, but for its answer's length. */
export type PreflightForm = {
  kind: KindName;
  model: string;
  messages: readonly Message[];
  /** Shown with them, as base64 of PNGs; none when left out. */
  shown?: readonly string[];
  stream: boolean;
  temperature: number | null;
  /** By the user: it is not dropped behind his back. */
  temperatureIsSet: boolean;
  /** In place of the run's own first prompt. */
  isGreeting?: true;
};

/** The different requests that a run sends: one a model of the mix, or one a kind of task. */
export function preflightForms(run: PlannedRun): PreflightForm[] {
  const { settings, tasks, prompts } = run;
  const { stream, temperature } = settings;
  if (tasks.length === 0) {
    const due = firstDue(run);
    const conversations = createConversations(settings, prompts, 1);
    const shared = { stream, temperature, temperatureIsSet: temperature !== null };
    return run.kinds.flatMap((kind) => {
      const opened = openingOf((index) => conversations.open(index, due, kind), { kind, settings });
      const { messages } = opened.kind === kind ? opened.conversation : { messages: kindOf(kind).greeting };
      const form = { kind, messages, shown: opened.kind === kind ? opened.pictures : [], ...shared };
      return entriesFor(settings.mix, kind).map(({ model }) => ({ ...form, model }));
    });
  }
  const system = systemText(settings);
  const forms = new Map<string, PreflightForm>();
  for (const task of tasks) {
    const { model, stream: streams, temperature: own, kind = settings.kind } = task;
    const key = JSON.stringify([kind, model, streams, own]);
    const question: Message = { role: 'user', content: task.prompts[0] ?? 'Say OK.' };
    const asked = system === null ? [question] : [{ role: 'system' as const, content: system }, question];
    const messages = kindOf(kind).answers === 'text' ? asked : kindOf(kind).greeting;
    const form = { kind, model, messages, stream: streams, temperature: own, temperatureIsSet: false };
    if (!forms.has(key)) forms.set(key, form);
  }
  return [...forms.values()];
}

/** The first prompt, or the first with pictures where requests show some. */
function openingOf(
  open: (index: number) => Opened,
  { kind, settings }: { kind: KindName; settings: Settings },
): Opened {
  if (settings.images.length === 0 || kindOf(kind).picture === null) return open(0);
  return firstShown((index) => {
    const opened = open(index);
    // A row of another kind is asked with that one.
    return opened.kind === kind ? opened : { ...opened, pictures: [] };
  });
}

/** The lengths that a trace's first request asks for; null without one. */
function firstDue({ schedules }: PlannedRun): DueRequest | null {
  for (const schedule of schedules.values()) return schedule.requestAt(0);
  return null;
}
