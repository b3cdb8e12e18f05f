import type { SettingName } from '../../settings/catalog.ts';

/** A setting's text from the environment, without blanks around it; '' when it is not set. */
export function settingText(name: SettingName): string {
  return (__ENV[name] ?? '').trim();
}

export function isSettingGiven(name: SettingName): boolean {
  return settingText(name) !== '';
}

/** The launcher asks for one line a request, through k6's console (docs/decisions/0050-samples.md). */
export const LOGS_SAMPLES = __ENV['LLM_SAMPLES'] === '1';
