import path from 'node:path';
import { secretPartsOf } from '../../lib/answer/failure/secrets.ts';
import { ConfigError } from '../../lib/parse/config-error.ts';
import { hint } from '../../lib/parse/did-you-mean.ts';
import { isRecord, parseJsonFile } from '../../lib/parse/json.ts';
import { CATALOG, hasTrait, SETTING_NAMES, type SettingName } from '../../lib/settings/catalog.ts';
import { withAbsolutePaths } from '../run/run-environment.ts';
import { settingKey, settingOfKey } from './setting-key.ts';

/** Settings of a file, as the environment would have them; paths are absolute. */
export type ConfigTexts = ReadonlyMap<SettingName, string>;

/** A file of settings: those for every run, and sets of others by name. */
export type ConfigFile = { base: ConfigTexts; profiles: ReadonlyMap<string, ConfigTexts> };

const EXAMPLE =
  '{ "base_url": "http://127.0.0.1:8000/v1", "mix": "my-model", "profiles": { "staging": { "vus": 5 } } }';
/** What a list or an object of settings is joined by. */
const JSON_SETTINGS: readonly SettingName[] = ['LLM_EXTRA_BODY'];

/**
 * Reads `k6-llm.config.json`.
 *
 * @param file its path, for messages and for the paths in it, which are relative to its folder.
 * @throws ConfigError for what is no setting, a value that its setting refuses, and whatever is a key.
 */
export function parseConfig(text: string, file: string): ConfigFile {
  const data = parseJsonFile(text);
  if (!isRecord(data)) throw problem({ file, got: data, expected: 'a JSON object' });
  const { profiles = {}, $schema: _schema, ...base } = data;
  if (!isRecord(profiles))
    throw problem({ file, at: 'profiles', got: profiles, expected: 'an object of sets by name' });
  return {
    base: readSet(base, file),
    profiles: new Map(
      Object.entries(profiles).map(([name, set]): [string, ConfigTexts] => {
        if (!isRecord(set))
          throw problem({ file, at: `profiles.${name}`, got: set, expected: 'an object of settings' });
        return [name, readSet(set, file, `profiles.${name}.`)];
      }),
    ),
  };
}

function readSet(set: Readonly<Record<string, unknown>>, file: string, prefix = ''): ConfigTexts {
  const texts = new Map<SettingName, string>();
  for (const [key, value] of Object.entries(set)) {
    const at = prefix + key;
    const name = nameOf(key, { file, at });
    if (texts.has(name)) throw problem({ file, at, got: key, expected: `${settingKey(name)} once` });
    const given = textOf(value, name, { file, at });
    if (/^\w+:\/\//.test(given) && secretPartsOf(given).length > 0) throw secret(file, at);
    CATALOG[name].parse(given.trim() === '' ? CATALOG[name].defaultText : given, `${file}: ${at}`);
    texts.set(name, given);
  }
  const absolute = withAbsolutePaths(Object.fromEntries(texts), path.resolve(path.dirname(file)));
  return new Map([...texts.keys()].map((name) => [name, absolute[name] ?? '']));
}

function nameOf(key: string, place: { file: string; at: string }): SettingName {
  const name = settingOfKey(key);
  if (name !== null && !hasTrait(name, 'secret')) return name;
  if (name !== null || /key|secret|password|authorization/i.test(key)) throw secret(place.file, place.at);
  const known = SETTING_NAMES.filter((one) => !hasTrait(one, 'secret')).map(settingKey);
  const expected = `a setting of docs/settings.md by its name without LLM_${hint(key.toLowerCase(), known)}, or profiles`;
  throw problem({ ...place, got: key, expected });
}

/** A file is shared and kept; a key is neither. */
function secret(file: string, at: string): ConfigError {
  return new ConfigError({
    setting: `${file}: ${at}`,
    got: '(hidden)',
    expected:
      'no key in this file: keys and headers come from the environment, or from a file named by --env-file',
    example: 'export LLM_API_KEY=...',
  });
}

/** `{"a": 70, "b": 30}` is `a=70,b=30` of a mix and `a:70,b:30` of an SLO; a list is joined by commas. */
function textOf(value: unknown, name: SettingName, place: { file: string; at: string }): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return String(value);
  if (typeof value === 'boolean') return value ? '1' : '0';
  if (JSON_SETTINGS.includes(name) && isRecord(value)) return JSON.stringify(value);
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value.join(',');
  if ((name === 'LLM_MIX' || name === 'LLM_SLO') && isRecord(value)) {
    const joint = name === 'LLM_MIX' ? '=' : ':';
    return Object.entries(value)
      .map(([item, amount]) => `${item}${joint}${String(amount)}`)
      .join(',');
  }
  throw problem({ ...place, got: value, expected: 'text, a number, true or false, as the setting takes it' });
}

function problem({
  file,
  at,
  got,
  expected,
}: {
  file: string;
  at?: string;
  got: unknown;
  expected: string;
}): ConfigError {
  return new ConfigError({
    setting: at === undefined ? file : `${file}: ${at}`,
    got: typeof got === 'string' ? got : (JSON.stringify(got) ?? 'no JSON'),
    expected,
    example: EXAMPLE,
  });
}
