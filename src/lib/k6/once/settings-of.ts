import { readSettings, type Settings } from '../../settings/settings.ts';
import { SETTING_NAMES } from '../../settings/catalog.ts';
import { ownText, type ScenarioDefinition } from '../scenario-definition.ts';

/**
 * A run's settings: the environment's, else the scenario's own.
 *
 * @throws ConfigError for the first wrong value.
 */
export function settingsOf(definition: ScenarioDefinition<unknown>): Settings {
  const texts = SETTING_NAMES.map((name): [string, string] => [name, ownText(definition, name)]);
  return readSettings({ ...__ENV, ...Object.fromEntries(texts) });
}
