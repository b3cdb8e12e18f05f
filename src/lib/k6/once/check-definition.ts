import { hint } from '../../parse/did-you-mean.ts';
import { ConfigError } from '../../parse/config-error.ts';
import { hasTrait, SETTING_NAMES, type SettingName } from '../../settings/catalog.ts';
import { ownSettings, partsOf, type ScenarioDefinition } from '../scenario-definition.ts';

const FIELDS: readonly (keyof ScenarioDefinition<unknown>)[] = [
  'name',
  'load',
  'thresholds',
  'slo',
  'prompts',
  'pause',
  'models',
  'kinds',
  'steps',
  'tasks',
  'settings',
  'prepare',
  'openProviders',
];

/** What k6 or the launcher must know before the script runs. */
const OUTSIDE: readonly SettingName[] = ['LLM_TRANSPORT', 'LLM_METER_URL', 'LLM_ICL'];

/** k6's names of scenarios. */
const PART_NAME = /^[\w-]{1,64}$/;

/**
 * Checks what types cannot hold in a scenario of JavaScript: its names, its fields, the settings it may bring.
 *
 * @throws ConfigError that says what to write.
 */
export function checkDefinition(definition: ScenarioDefinition<unknown>): void {
  const { name, prompts } = definition;
  const stranger = Object.keys(definition).find((key) => FIELDS.every((field) => field !== key));
  if (stranger !== undefined) {
    throw problem(stranger, `no fields but ${FIELDS.join(', ')}${hint(stranger, FIELDS)}`);
  }
  if (typeof name !== 'string' || name.trim() === '') throw problem(String(name), 'a name', 'name');
  if (typeof definition.load !== 'object' || definition.load === null) {
    throw problem(String(definition.load), 'a load, made by users, rate, steps, trace or iterations', 'load');
  }
  const parts = partsOf(definition);
  const names = parts.map((part) => part.name);
  const wrong = names.find((part, index) => !PART_NAME.test(part) || names.indexOf(part) !== index);
  if (parts.length === 0 || wrong !== undefined) {
    throw problem(wrong ?? '', 'parts with names of their own, of letters, digits, _ and -', 'load');
  }
  if (parts.length > 1 && parts.some(({ load }) => load.kind === 'open' && load.arrivals !== undefined)) {
    throw problem('trace among other parts', 'a trace to be the whole load', 'load');
  }
  if (Array.isArray(prompts) && (prompts.length === 0 || prompts.some((text) => typeof text !== 'string'))) {
    throw problem(JSON.stringify(prompts), 'a list of texts, or the path of a data set', 'prompts');
  }
  checkSettings(definition);
}

function checkSettings(definition: ScenarioDefinition<unknown>): void {
  for (const name of Object.keys(ownSettings(definition))) {
    const known = SETTING_NAMES.find((one) => one === name);
    if (known === undefined)
      throw problem(name, `a setting of docs/settings.md${hint(name, SETTING_NAMES)}`, 'settings');
    if (hasTrait(known, 'secret'))
      throw problem(name, 'no secret: it comes from the environment alone', 'settings');
    if (OUTSIDE.includes(known)) {
      throw problem(
        name,
        'to be set in the environment, since k6 must know it before the script runs',
        'settings',
      );
    }
  }
}

function problem(got: string, expected: string, field?: string): ConfigError {
  return new ConfigError({
    setting: field === undefined ? 'defineScenario' : `defineScenario: ${field}`,
    got,
    expected,
    example: "defineScenario({ name: 'mine', load: users(5, '1m') }, async (user) => { user.ask(); })",
  });
}
