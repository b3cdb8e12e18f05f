import type { SettingName } from '../../settings/catalog.ts';

/** A setting as it was given, without blanks around it; '' when it was not. */
export function given(name: SettingName): string {
  return (__ENV[name] ?? '').trim();
}

export function isGiven(name: SettingName): boolean {
  return given(name) !== '';
}
