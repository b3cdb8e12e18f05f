import type { VuSettings } from '../../settings/settings.ts';
import { DEFAULT_SYSTEM_PROMPT } from '../../prompts/built-in-picker.ts';

/** The run's system message; null for none. */
export function systemText({ systemPrompt }: Pick<VuSettings, 'systemPrompt'>): string | null {
  switch (systemPrompt.kind) {
    case 'none':
      return null;
    case 'own':
      return systemPrompt.text;
    case 'built-in':
      return DEFAULT_SYSTEM_PROMPT;
  }
}
