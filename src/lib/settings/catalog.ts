import { LOAD_SETTINGS } from './load-settings.ts';
import { CLOUD_SETTINGS, JUDGEMENT_SETTINGS, MONEY_SETTINGS } from './report-settings.ts';
import { REQUEST_SETTINGS, TARGET_SETTINGS } from './request-settings.ts';
import type { Trait } from './setting-spec.ts';

/** Every `LLM_*` variable. An empty default means "not set" or "the scenario's own". */
export const CATALOG = {
  ...TARGET_SETTINGS,
  ...REQUEST_SETTINGS,
  ...LOAD_SETTINGS,
  ...JUDGEMENT_SETTINGS,
  ...MONEY_SETTINGS,
  ...CLOUD_SETTINGS,
} as const;

export type SettingName = keyof typeof CATALOG;

/** Every setting as its parser gives it. */
export type Parsed = { readonly [K in SettingName]: ReturnType<(typeof CATALOG)[K]['parse']> };

export const SETTING_NAMES = Object.keys(CATALOG) as readonly SettingName[];

/** The catalog by what settings are about: the sections of docs/settings.md. */
export const SETTING_SECTIONS: readonly { title: string; names: readonly SettingName[] }[] = [
  { title: 'Target', names: namesOf(TARGET_SETTINGS) },
  { title: 'Requests', names: namesOf(REQUEST_SETTINGS) },
  { title: 'Load', names: namesOf(LOAD_SETTINGS) },
  { title: 'Judgement and results', names: namesOf(JUDGEMENT_SETTINGS) },
  { title: 'Money', names: namesOf(MONEY_SETTINGS) },
  { title: 'k6 Cloud', names: namesOf(CLOUD_SETTINGS) },
];

function namesOf(section: Partial<typeof CATALOG>): readonly SettingName[] {
  return SETTING_NAMES.filter((name) => name in section);
}

/** Whether a setting has a trait. */
export function hasTrait(name: SettingName, trait: Trait): boolean {
  const traits: readonly Trait[] = CATALOG[name].traits;
  return traits.includes(trait);
}

/** The settings that have a trait, in the catalog's order. */
export function settingsWith(trait: Trait): readonly SettingName[] {
  return SETTING_NAMES.filter((name) => hasTrait(name, trait));
}
