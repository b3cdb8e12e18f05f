import { SETTING_NAMES, type SettingName } from '../../lib/settings/catalog.ts';

/** A setting's name in a file: `LLM_BASE_URL` is `base_url`. */
export function settingKey(name: SettingName): string {
  return name.slice('LLM_'.length).toLowerCase();
}

/** The setting of a name as people write it: `base_url`, `baseUrl`, `BASE_URL`, `LLM_BASE_URL`; null: there is none. */
export function settingOfKey(key: string): SettingName | null {
  const bare = plain(key).replace(/^llm/, '');
  return SETTING_NAMES.find((name) => plain(settingKey(name)) === bare) ?? null;
}

function plain(key: string): string {
  return key.replace(/[_-]/g, '').toLowerCase();
}
