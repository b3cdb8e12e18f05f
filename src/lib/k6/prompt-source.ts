import type { Settings } from '../config/settings.ts';
import type { Message } from '../payload.ts';
import { createBuiltInPicker, DEFAULT_SYSTEM_PROMPT, type Prompt } from '../prompts.ts';

/** What request i asks: its messages, the system message included, and its own limit, if it has one. */
export type PromptSource = {
  pick: (iteration: number) => { messages: readonly Message[]; maxTokens: number | null; prompt: Prompt };
};

/** The run's prompts. */
export function createPromptSource(settings: Settings): PromptSource {
  const picker = createBuiltInPicker(settings.seed);
  const system = systemText(settings);
  // Built-in prompts are few: their messages, and so their JSON, are made once.
  const known = new Map<Prompt, readonly Message[]>();
  return {
    pick: (iteration) => {
      const prompt = picker.pick(iteration);
      let messages = known.get(prompt);
      if (messages === undefined) {
        messages = messagesOf(prompt, system);
        known.set(prompt, messages);
      }
      return { messages, maxTokens: prompt.maxTokens, prompt };
    },
  };
}

/** The messages of a prompt, the system message in front; its own wins. */
export function messagesOf(prompt: Prompt, system: string | null): readonly Message[] {
  const text = prompt.system ?? system;
  return text === null ? prompt.messages : [{ role: 'system', content: text }, ...prompt.messages];
}

/** The run's system message; null for none. */
export function systemText({ systemPrompt }: Settings): string | null {
  switch (systemPrompt.kind) {
    case 'none':
      return null;
    case 'own':
      return systemPrompt.text;
    case 'built-in':
      return DEFAULT_SYSTEM_PROMPT;
  }
}
