import { hint } from '../parse/did-you-mean.ts';
import type { Environment } from './api-key.ts';
import { SETTING_NAMES } from './catalog.ts';

/** Set by the launcher and by the options, not by people. */
const INTERNAL = ['LLM_SAMPLES', 'LLM_OPTIONS_DIGEST', 'LLM_START_GATE'];

/** A line for each `LLM_*` variable that is no setting: most likely a slip, and it would change nothing. */
export function unknownSettings(env: Environment): string[] {
  const known: readonly string[] = [...SETTING_NAMES, ...INTERNAL];
  return Object.keys(env)
    .filter((name) => name.startsWith('LLM_') && !known.includes(name) && (env[name] ?? '').trim() !== '')
    .sort()
    .map((name) => `${name} is no setting, so it changes nothing${hint(name, SETTING_NAMES)}`);
}
